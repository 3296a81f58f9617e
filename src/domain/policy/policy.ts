import type { ChangeClass, Risk, TargetKind } from '../manifest.js';
import type { Role } from '../people.js';
import type { Action } from './actions.js';

/** Each list that is there must have the value of the target; of its tags, at least one. */
export interface TargetScope {
  readonly names?: readonly string[];
  readonly kinds?: readonly TargetKind[];
  readonly tiers?: readonly (0 | 1 | 2)[];
  readonly sites?: readonly string[];
  readonly tags?: readonly string[];
}

/**
 * Each list that is there must have what the runbook is. `risks`: the highest risk of its actions. `classes`: for an allow every class
 * of its actions must be listed, for the other effects one.
 */
export interface RunbookScope {
  readonly ids?: readonly string[];
  readonly risks?: readonly Risk[];
  readonly classes?: readonly ChangeClass[];
}

/** Which jobs or targets a rule is about; all where nothing is said. */
export interface Scope {
  readonly targets?: TargetScope;
  readonly runbooks?: RunbookScope;
}

export interface AccessRule extends Scope {
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  readonly actions: readonly Action[];
  /** Whoever has one of them; absent: everybody who is signed in. */
  readonly roles?: readonly Role[];
  /** `ownRequest`: only for the requester of the job (true), or for everybody else (false). */
  readonly conditions?: { readonly ownRequest: boolean };
}

/** Demands more approvals for the jobs of its scope, whoever asks. It allows nothing. */
export interface ApprovalRule extends Scope {
  readonly id: string;
  readonly effect: 'require';
  /** Approvals that each of these jobs needs at least; the manifest may demand more. */
  readonly approvals: number;
}

export type Rule = AccessRule | ApprovalRule;

export interface Policy {
  readonly rules: readonly Rule[];
}

/** The policy file is there and cannot be used: nothing is allowed, and nothing was done. The message names the file and its mistakes. */
export class PolicyUnreadable extends Error {}
