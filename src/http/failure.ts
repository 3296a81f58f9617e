import type { DecisionFailure } from '../usecases/decide/record-decision.js';
import type { CancelFailure } from '../usecases/stop/cancel-job.js';
import type { RollbackFailure } from '../usecases/submit/request-rollback.js';
import type { RolloutDecisionFailure } from '../usecases/rollouts/refused-as.js';
import type { StopFailure } from '../usecases/rollouts/stop-rollout.js';
import type { RolloutFailure } from '../usecases/rollouts/rollout-failure.js';
import type { ScanFailure } from '../usecases/scans/submit-scan.js';
import type { KeyFailure } from '../usecases/keys/key-failure.js';
import type { ResolveFailure } from '../usecases/reconcile/resolve-job.js';
import type { SubmitFailure } from '../usecases/submit/check-request.js';
import type { ImportFailure } from '../usecases/inventory/import-targets.js';
import type { Unfit } from '../usecases/inventory/target-fit.js';
import type { BatchFailure } from '../usecases/submit/submit-batch.js';
import type { AdmissionRequestFailure } from '../usecases/admission/request-admission.js';
import type { ConfirmFailure } from '../usecases/admission/confirm-admission.js';
import type { TargetsRequestFailure } from '../usecases/admission/request-targets.js';
import type { CalendarFailure } from '../usecases/schedules/edit-calendars.js';
import type { CancelScanFailure } from '../usecases/scans/cancel-scan.js';
import type { SelectionChangeFailure } from '../usecases/named/edit-selections.js';
import type { ChangeScheduleFailure } from '../usecases/schedules/change-schedule.js';
import type { CreateScheduleFailure } from '../usecases/schedules/create-schedule.js';
import type { ProblemError } from './problem-error.js';

/** Why a use case refuses a request. */
export type Failure =
  | SubmitFailure
  | BatchFailure
  | DecisionFailure
  | CancelFailure
  | RollbackFailure
  | ResolveFailure
  | AdmissionRequestFailure
  | ConfirmFailure
  | KeyFailure
  | CreateScheduleFailure
  | ChangeScheduleFailure
  | CalendarFailure
  | SelectionChangeFailure
  | RolloutFailure
  | ScanFailure
  | { readonly kind: 'scan-not-found' }
  | CancelScanFailure
  | RolloutDecisionFailure
  | StopFailure
  | { readonly kind: 'invalid-query'; readonly errors: readonly ProblemError[] }
  | Unfit
  | ImportFailure
  | TargetsRequestFailure
  | {
      readonly kind:
        'maintenance-refused' | 'admission-required' | 'name-taken' | 'machine-taken' | 'etag-mismatch' | 'not-found';
    };

/** The status of HTTP with which each of them is answered. A new kind of failure without one does not compile. */
export const STATUS = {
  'maintenance-refused': 400,
  'not-allowed': 403,
  'own-request': 403,
  'not-an-approver': 403,
  'proof-invalid': 403,
  'key-required': 403,
  'key-unknown': 403,
  'key-revoked': 403,
  'signature-invalid': 403,
  'decision-stale': 403,
  'decision-replayed': 403,
  'of-a-rollout': 409,
  'scan-only': 409,
  'scan-not-found': 404,
  'scan-ended': 409,
  'scan-refused': 400,
  'scan-too-large': 400,
  'too-many-scans': 429,
  'rollout-not-found': 404,
  'selection-empty': 400,
  'selection-unbounded': 400,
  'selection-unclear': 400,
  'declaration-refused': 400,
  'rollout-refused': 400,
  'rollout-too-large': 400,
  'not-for-rollouts': 400,
  'not-repeatable': 409,
  'count-mismatch': 409,
  'not-ended-rollout': 409,
  'rollout-is-rollback': 409,
  'rollback-not-ended': 409,
  'nothing-to-roll-back': 409,
  'rollout-ended': 409,
  'list-changed': 409,
  'not-paused': 409,
  'item-started': 409,
  'budget-exceeded': 409,
  'too-many-rollouts': 429,
  'key-weak': 403,
  'own-key': 403,
  'not-an-admin': 403,
  'first-key-exists': 403,
  'first-key-not-admin': 403,
  'key-owner-unknown': 403,
  'key-not-found': 404,
  'key-taken': 409,
  'key-not-pending': 409,
  'service-token': 403,
  'separation-of-duties': 403,
  'local-refused': 403,
  'runbook-not-admitted': 409,
  'runbook-disabled': 409,
  'admission-revoked': 409,
  'admission-expired': 409,
  'admission-invalid': 409,
  'runbook-not-found': 404,
  'target-not-found': 404,
  'job-not-found': 404,
  'not-found': 404,
  'runbook-unreadable': 400,
  'version-needed': 400,
  'version-changed': 409,
  'request-ended': 409,
  'invalid-parameters': 400,
  'batch-refused': 400,
  'import-refused': 400,
  'invalid-query': 400,
  'transport-not-allowed': 400,
  'transport-unfit': 400,
  'target-kind': 400,
  'schedule-refused': 400,
  'calendar-refused': 400,
  'schedule-not-found': 404,
  'calendar-not-found': 404,
  'selection-not-found': 404,
  'schedule-name-taken': 409,
  'calendar-name-taken': 409,
  'selection-name-taken': 409,
  'schedule-changed': 409,
  'schedule-ended': 409,
  'calendar-in-use': 409,
  'execute-by': 400,
  'window-refused': 400,
  'not-awaiting-approval': 409,
  'plan-changed': 409,
  'plan-outdated': 409,
  'request-changed': 409,
  'already-decided': 409,
  'already-ended': 409,
  'not-ended': 409,
  'nothing-to-undo': 409,
  'undo-incomplete': 409,
  'values-erased': 409,
  'already-rolled-back': 409,
  'no-rollback': 409,
  'not-needing-attention': 409,
  'not-supersedable': 409,
  'precondition-missing': 409,
  'target-not-admitted': 409,
  'admission-required': 409,
  'name-taken': 409,
  'machine-taken': 409,
  locked: 409,
  'grant-used': 409,
  'duplicate-event': 409,
  'approval-expired': 410,
  'etag-mismatch': 412,
  'idempotency-mismatch': 422,
  frozen: 423,
  'too-many-requests': 429,
} as const satisfies Record<Failure['kind'], number>;
