import type { AccessRule, RunbookScope, Scope, TargetScope } from './policy.js';
import type { PolicyRequest, RunbookFacts, TargetFacts } from './request.js';

/** `unknown`: a fact that the rule asks for is not known. An allow then does not count, and the other effects do. */
export type Match = 'yes' | 'no' | 'unknown';

const both = (matches: readonly Match[]): Match =>
  matches.includes('no') ? 'no' : matches.includes('unknown') ? 'unknown' : 'yes';

const is = (fits: boolean): Match => (fits ? 'yes' : 'no');

/** A list that is not there fits everything. */
const listed = <T>(list: readonly T[] | undefined, value: T | undefined): Match =>
  list === undefined ? 'yes' : value === undefined ? 'unknown' : is(list.includes(value));

/** Whether the scope of a rule covers what a request is about. `every`: all classes of the runbook must be listed, and not one alone. */
export function scopeMatch(
  { targets, runbooks }: Scope,
  { target, runbook }: Pick<PolicyRequest, 'target' | 'runbook'>,
  every: boolean,
): Match {
  return both([
    targets === undefined ? 'yes' : target === undefined ? 'unknown' : targetMatch(targets, target),
    runbooks === undefined ? 'yes' : runbook === undefined ? 'unknown' : runbookMatch(runbooks, runbook, every),
  ]);
}

/** Whether a target is what each list of a scope says. */
export function targetMatch({ names, kinds, tiers, sites, tags }: TargetScope, target: TargetFacts): Match {
  return both([
    listed(names, target.name),
    listed(kinds, target.kind),
    listed(tiers, target.tier),
    listed(sites, target.site),
    tags === undefined ? 'yes' : is(target.tags.some((tag) => tags.includes(tag))),
  ]);
}

function runbookMatch({ ids, risks, classes }: RunbookScope, runbook: RunbookFacts, every: boolean): Match {
  return both([listed(ids, runbook.id), listed(risks, runbook.risk), classMatch(classes, runbook, every)]);
}

function classMatch(classes: RunbookScope['classes'], { classes: has }: RunbookFacts, every: boolean): Match {
  if (classes === undefined) return 'yes';
  if (has === undefined) return 'unknown';
  return is(every ? has.every((one) => classes.includes(one)) : has.some((one) => classes.includes(one)));
}

/** Whether a rule is about the action and the roles of a request, whatever its scope is. */
export function concerns(
  { actions, roles }: AccessRule,
  { action, person }: Pick<PolicyRequest, 'action' | 'person'>,
): boolean {
  return actions.includes(action) && (roles === undefined || roles.some((role) => person.roles.includes(role)));
}

/** Whether a rule speaks about exactly this request. */
export function ruleMatch(rule: AccessRule, request: PolicyRequest): Match {
  if (!concerns(rule, request)) return 'no';
  const { conditions } = rule;
  const own = conditions === undefined ? 'yes' : listed([conditions.ownRequest], request.own);
  return both([own, scopeMatch(rule, request, rule.effect === 'allow')]);
}
