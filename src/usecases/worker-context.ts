import type { Job, State } from '../domain/job.js';
import { fail, type Result } from '../domain/result.js';
import type { Consents } from '../ports/consents.js';
import type { Inventory } from '../ports/inventory.js';
import type { JobEvents } from '../ports/job-events.js';
import type { JobView, Move } from '../domain/move.js';
import type { JobStore, TransitionFailure } from '../ports/job-store.js';
import type { PreviousSteps } from '../ports/previous-steps.js';
import type { PowerShellHost } from '../ports/powershell-host.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { Catalogue } from '../ports/catalogue.js';
import type { Freeze } from '../ports/freeze.js';
import type { StoredGate } from '../ports/runbook-catalogue.js';
import type { ResultSpool } from '../ports/result-spool.js';
import type { Rollbacks } from '../ports/rollbacks.js';
import type { Rollouts } from '../ports/rollouts.js';
import type { AdmissionContext } from './in-force.js';
import type { Credentials } from '../ports/credentials.js';
import type { PersonKeys, PersonKeyVerifier } from '../ports/person-keys.js';
import type { GrantVerifier } from '../ports/grants.js';
import type { SubjectAdmissions } from '../ports/admissions.js';
import type { Schedules } from '../ports/schedules.js';
import type { Standing } from '../ports/standing.js';
import type { TargetStatuses } from '../ports/target-status.js';
import type { PeopleSource } from '../ports/people.js';
import type { RightsSource } from '../ports/rights.js';
import type { ValueChecker } from '../ports/values.js';

/** Everything the worker's use cases need, by name. */
export interface WorkerContext extends AdmissionContext {
  readonly jobs: JobStore;
  readonly events: JobEvents;
  readonly catalogue: Pick<Catalogue, 'get' | 'manifest'>;
  readonly inventory: Pick<Inventory, 'get'>;
  readonly consents: Pick<Consents, 'latest'>;
  readonly previousSteps: PreviousSteps;
  readonly rollbacks: Pick<Rollbacks, 'isOpen'>;
  readonly rollouts: Pick<Rollouts, 'isHeld'>;
  readonly freeze: Pick<Freeze, 'read'>;
  readonly targetStatuses: Pick<TargetStatuses, 'maintenanceOf' | 'noteContact'>;
  readonly people: PeopleSource;
  readonly rights: RightsSource;
  readonly credentials: Credentials;
  readonly grants: GrantVerifier;
  readonly keys: Pick<PersonKeys, 'byId' | 'byKid'>;
  readonly subjectAdmissions: Pick<SubjectAdmissions, 'ofTargets' | 'of' | 'contentOf'>;
  readonly schedules: Pick<Schedules, 'find'>;
  readonly standing: Pick<Standing, 'used'>;
  readonly registrations: PersonKeyVerifier;
  readonly host: PowerShellHost;
  /** Judges the stored bytes of a runbook by the engine of `host`. */
  readonly gate: StoredGate;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly spool: ResultSpool;
  readonly values: ValueChecker;
  readonly newId: () => string;
  readonly settings: WorkerSettings;
}

export interface WorkerSettings {
  /** Identifies this worker in the database: host, process and slot. */
  readonly id: string;
  readonly pool: string;
  /** How long a claim holds without a heartbeat (milliseconds). */
  readonly leaseMs: number;
  /** After this long an execution without a result is taken to be dead (RULES 6); milliseconds. */
  readonly reconcileAfterMs: number;
  readonly allowLocal: boolean;
  /** Whether every approval must be signed with a person's own key: in production. */
  readonly keyRequired: boolean;
}

/** The job has another state or another owner by now: the claim is void. */
export type NotOurs = { readonly kind: 'not-ours' };

/** A transition of a claimed job: refused when its epoch or state has changed. */
export function transitionClaimed(
  context: WorkerContext,
  job: Pick<Job, 'id' | 'epoch'>,
  states: readonly State[],
  decide: (view: JobView) => Move | undefined,
): Promise<Result<Job, NotOurs | TransitionFailure>> {
  return context.jobs.transition<NotOurs>(job.id, (view) => {
    if (view.job.epoch !== job.epoch || !states.includes(view.job.state)) return fail({ kind: 'not-ours' });
    const move = decide(view);
    return move ? { ok: true, value: move } : fail({ kind: 'not-ours' });
  });
}
