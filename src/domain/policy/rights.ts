import { canonicalJson } from '../canonical.js';
import { labelledDigest, sha256 } from '../digest.js';
import { ROLES, type People, type Person, type Role } from '../people.js';
import { ALL_ACTIONS, type Action } from './actions.js';
import { approvalsDemanded, decide, decideAnywhere, isAllowedEverywhere, type PolicyDecision } from './decide.js';
import { DEFAULT_POLICY } from './default-policy.js';
import type { Policy } from './policy.js';
import type { PolicyRequest } from './request.js';

/** `rule`: what denied it, by its id. `why` is for the person. */
export interface Denial {
  readonly kind: 'not-allowed';
  readonly action: Action;
  readonly rule: string;
  readonly why: string;
}

/** The policy of this moment, as every door asks it. */
export interface Rights {
  /** SHA-256 of the policy: of the bytes of its file, or of the canonical form of the built-in one. */
  readonly digest: string;
  readonly policy: Policy;
  readonly decide: (request: PolicyRequest) => PolicyDecision;
  /** Why the person may not do this; undefined where they may. */
  readonly denial: (request: PolicyRequest) => Denial | undefined;
  /** Why there is nothing for which the person may do this; undefined where there may be something. It allows nothing. */
  readonly denialAnywhere: (person: Pick<Person, 'id' | 'roles'>, action: Action) => Denial | undefined;
  /** The rules that may allow this to the person for something; none where one denies it everywhere. */
  readonly couldAllow: (person: Pick<Person, 'id' | 'roles'>, action: Action) => readonly string[];
  /** Whether the person may do this whatever it is about. */
  readonly everywhere: (person: Pick<Person, 'id' | 'roles'>, action: Action) => boolean;
  /** Approvals that a job needs: what its manifest demands or what the policy does, whichever is more. */
  readonly approvals: (demanded: number, job: Pick<PolicyRequest, 'target' | 'runbook'>) => number;
}

export function rightsBy(policy: Policy, digest: string): Rights {
  const denialOf = (action: Action, decision: PolicyDecision): Denial | undefined =>
    decision.allowed ? undefined : { kind: 'not-allowed', action, rule: decision.rule, why: decision.words };
  return {
    digest,
    policy,
    decide: (request) => decide(policy, request),
    denial: (request) => denialOf(request.action, decide(policy, request)),
    denialAnywhere: (person, action) => denialOf(action, decideAnywhere(policy, person, action)),
    couldAllow: (person, action) => {
      const decision = decideAnywhere(policy, person, action);
      return decision.allowed ? decision.rules : [];
    },
    everywhere: (person, action) => isAllowedEverywhere(policy, person, action),
    // A plan without changes needs no approval, whatever the policy says.
    approvals: (demanded, job) => (demanded === 0 ? 0 : Math.max(demanded, approvalsDemanded(policy, job))),
  };
}

/** What counts where there is no policy file. */
export const BUILT_IN_RIGHTS: Rights = rightsBy(DEFAULT_POLICY, sha256(canonicalJson(DEFAULT_POLICY)));

/** What a grant says of the people and the policy by which it was given. */
export const grantPolicyDigest = (people: Pick<People, 'digest'>, rights: Pick<Rights, 'digest'>): string =>
  labelledDigest('fixpoint-policy-v1', { people: people.digest, policy: rights.digest });

/** Roles that somebody had and nobody has any more, and what nobody may do any more. */
export function lostBy(before: readonly Person[], after: readonly Person[], rights: Rights) {
  const held = (people: readonly Person[], role: Role) => people.some(({ roles }) => roles.includes(role));
  const may = (people: readonly Person[], action: Action) =>
    people.some((person) => !rights.denialAnywhere(person, action));
  return {
    roles: ROLES.filter((role) => held(before, role) && !held(after, role)),
    actions: ALL_ACTIONS.filter((action) => may(before, action) && !may(after, action)),
  };
}
