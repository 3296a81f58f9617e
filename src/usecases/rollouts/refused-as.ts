import { NOT_ADMITTED } from '../../domain/admission.js';

/** Codes with which `authority` refuses a decision about a rollout. */
const REFUSED = [
  ...(['own-request', 'not-an-approver', 'proof-invalid', 'key-required', 'key-unknown', 'key-revoked'] as const),
  ...(['signature-invalid', 'decision-replayed', 'decision-stale', 'approval-expired', 'execute-by'] as const),
  ...(['request-changed', 'plan-outdated', 'target-not-admitted', 'not-repeatable', 'rollout-too-large'] as const),
  ...(['not-paused', 'budget-exceeded', 'rollout-ended', 'not-ended-rollout', ...NOT_ADMITTED] as const),
] as const;

export const ROLLOUT_DECISION_CODES = REFUSED;

export type RolloutDecisionFailure =
  | {
      readonly kind: (typeof REFUSED)[number] | 'service-token' | 'rollout-not-found' | 'already-decided';
      readonly why?: string;
    }
  /** The plans that wait are others by now. */
  | { readonly kind: 'list-changed'; readonly current: string };

/** What a person reads of the code with which `authority` refused their decision. */
export function refusedAs(code: string | undefined): RolloutDecisionFailure {
  const known = REFUSED.find((each) => each === code);
  if (known !== undefined) return { kind: known };
  if (code === 'plan-changed') return { kind: 'list-changed', current: '' };
  return code === 'not-awaiting-approval' ? { kind: 'rollout-ended' } : { kind: 'not-an-approver' };
}
