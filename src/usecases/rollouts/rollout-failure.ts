import type { NotAdmitted } from '../../domain/admission.js';
import type { Denial } from '../../domain/policy/rights.js';
import type { DeclarationProblem } from '../../domain/rollouts/declaration-problems.js';
import type { LeftOut } from '../../domain/rollouts/request.js';
import type { SubmissionFailure } from '../../ports/submissions.js';
import type { RefusedItem } from '../submit/check-items.js';
import type { RunbookNotFound } from '../submit/check-request.js';
import type { SelectionFailure } from './wish.js';

/** Why a rollout, a repeat or a rollback of one is not stored. */
export type RolloutFailure =
  | Denial
  | SubmissionFailure
  | SelectionFailure
  | RunbookNotFound
  | { readonly kind: 'rollout-too-large' | 'not-for-rollouts' | 'rollback-not-ended' }
  | { readonly kind: NotAdmitted['code']; readonly why?: string }
  | { readonly kind: 'no-rollback'; readonly why: string }
  | { readonly kind: 'too-many-rollouts'; readonly limit: number }
  /** `leftOut`: of a rollback, the items that it leaves as they are. */
  | { readonly kind: 'count-mismatch'; readonly count: number; readonly leftOut?: readonly LeftOut[] }
  | { readonly kind: 'nothing-to-roll-back'; readonly leftOut: readonly LeftOut[] }
  | { readonly kind: 'declaration-refused'; readonly problems: readonly DeclarationProblem[] }
  /** Every item that is refused, by its place and its target; nothing was stored. */
  | { readonly kind: 'rollout-refused'; readonly members: readonly RefusedItem[] };
