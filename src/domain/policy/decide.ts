import { ROLES, type Person } from '../people.js';
import type { Action } from './actions.js';
import { builtInDenial } from './built-in.js';
import { concerns, ruleMatch, scopeMatch } from './matching.js';
import type { AccessRule, ApprovalRule, Policy } from './policy.js';
import type { PolicyRequest } from './request.js';

/** Named as the rule where nothing allows a request. */
export const NO_RULE = 'no rule allows';

export type PolicyDecision =
  /** Every rule that allows it, in the order of the policy. */
  | { readonly allowed: true; readonly rules: readonly string[] }
  /** `rule`: the id of the rule that denies it, a built-in one, or NO_RULE. `words` end the sentence "you may not: …". */
  | { readonly allowed: false; readonly rule: string; readonly words: string };

const denied = (rule: string, words: string): PolicyDecision => ({ allowed: false, rule, words });

/**
 * Whether a person may do something, decided by nothing but these arguments. Deny by default; a deny beats every allow, and the built-in
 * rules beat both. A rule whose facts are not known does not allow, and does deny.
 */
export function decide(policy: Policy, request: PolicyRequest): PolicyDecision {
  const builtIn = builtInDenial(request);
  if (builtIn) return denied(builtIn.rule, builtIn.words);
  const rules = accessRules(policy);
  const deny = rules.find((rule) => rule.effect === 'deny' && ruleMatch(rule, request) !== 'no');
  if (deny) return denied(deny.id, `the rule ${deny.id} of the policy denies it`);
  const allow = rules.filter((rule) => rule.effect === 'allow' && ruleMatch(rule, request) === 'yes');
  if (allow.length > 0) return { allowed: true, rules: allow.map(({ id }) => id) };
  return denied(NO_RULE, whyNone(rules, request));
}

/**
 * Whether there can be a target, a runbook or a job for which the person may do this: asked before those are known. A no is final; a
 * yes allows nothing, and `decide` judges each case.
 */
export function decideAnywhere(policy: Policy, person: Pick<Person, 'id' | 'roles'>, action: Action): PolicyDecision {
  const rules = accessRules(policy).filter((rule) => concerns(rule, { action, person }));
  const deny = rules.find((rule) => rule.effect === 'deny' && isEverywhere(rule));
  if (deny) return denied(deny.id, `the rule ${deny.id} of the policy denies it`);
  const allow = rules.filter(({ effect }) => effect === 'allow');
  if (allow.length > 0) return { allowed: true, rules: allow.map(({ id }) => id) };
  return denied(NO_RULE, whyNone(accessRules(policy), { action, person }));
}

/** Whether the person may do this for every target, runbook and job: a list then needs no look at each of its items. */
export function isAllowedEverywhere(policy: Policy, person: Pick<Person, 'id' | 'roles'>, action: Action): boolean {
  const rules = accessRules(policy).filter((rule) => concerns(rule, { action, person }));
  return rules.every(({ effect }) => effect === 'allow') && rules.some(isEverywhere);
}

/** How many approvals the policy demands for a job at least; 0 where it demands none. A rule whose facts are not known counts. */
export function approvalsDemanded(policy: Policy, job: Pick<PolicyRequest, 'target' | 'runbook'>): number {
  const rules = policy.rules.filter((rule): rule is ApprovalRule => rule.effect === 'require');
  const demanding = rules.filter((rule) => scopeMatch(rule, job, false) !== 'no');
  return Math.max(0, ...demanding.map(({ approvals }) => approvals));
}

const accessRules = ({ rules }: Policy): readonly AccessRule[] =>
  rules.filter((rule): rule is AccessRule => rule.effect !== 'require');

const isEverywhere = ({ targets, runbooks, conditions }: AccessRule): boolean =>
  targets === undefined && runbooks === undefined && conditions === undefined;

/** What would have to be otherwise: the person's roles, or what the request is about. */
function whyNone(rules: readonly AccessRule[], { action, person }: Pick<PolicyRequest, 'action' | 'person'>): string {
  const allowing = rules.filter(({ effect, actions }) => effect === 'allow' && actions.includes(action));
  if (allowing.length === 0) return `no rule of the policy allows ${action} to anybody`;
  if (allowing.some((rule) => concerns(rule, { action, person })))
    return 'the rules that allow it to you do not cover this target, runbook or job';
  const roles = ROLES.filter((role) => allowing.some((rule) => rule.roles?.includes(role)));
  return `needs one of the roles ${roles.join(', ')}`;
}
