import type { AuditAction } from './audit.js';

/** Who may write an event: a process of the product by its database role, or the owner of the database, who is none of them. */
export type EventWriter = 'api' | 'authority' | 'relay' | 'worker' | 'owner';

const WORKER = ['worker'] as const;
const API = ['api'] as const;
const AUTHORITY = ['authority'] as const;
const API_OR_AUTHORITY = ['api', 'authority'] as const;

/**
 * Who writes each event. The database refuses a process that writes an event of another, and whoever reads the log counts none that
 * does. The owner is named where the command line of an administrator writes: restoring and erasing.
 */
export const EVENT_WRITERS: Readonly<Record<AuditAction, readonly EventWriter[]>> = {
  'job.submitted': API,
  'job.planning-started': WORKER,
  'job.planned': WORKER,
  'job.compliant': WORKER,
  'job.scanned': WORKER,
  'job.deferred': WORKER,
  'job.blocked': ['worker', 'owner'],
  'job.decided': AUTHORITY,
  'job.decision-refused': AUTHORITY,
  'job.approved': AUTHORITY,
  'job.rejected': AUTHORITY,
  'job.expired': WORKER,
  'job.superseded': API,
  'job.claimed': WORKER,
  'job.drifted': WORKER,
  'job.cancel-requested': API,
  'job.cancelled': ['api', 'worker'],
  'job.waiting': WORKER,
  'job.succeeded': WORKER,
  'job.failed': WORKER,
  'job.unknown': ['worker', 'owner'],
  'change.reconciled': WORKER,
  'job.resolved': API,
  'job.needs-attention': WORKER,
  'job.rolling-back': WORKER,
  'job.rolled-back': WORKER,
  'job.rollback-failed': WORKER,
  'job.requeued': WORKER,
  'job.message-dropped': WORKER,
  'grant.used': WORKER,
  'grant.revoked': ['api', 'worker', 'owner'],
  'change.intent': WORKER,
  'change.result': WORKER,
  'change.result-late': WORKER,
  'rollout.submitted': API,
  'rollout.decided': AUTHORITY,
  'rollout.decision-refused': AUTHORITY,
  'rollout.approved': AUTHORITY,
  'rollout.rejected': AUTHORITY,
  'rollout.wave-started': AUTHORITY,
  'rollout.wave-proved': AUTHORITY,
  // By a person, and by authority where a gate is shut.
  'rollout.paused': API_OR_AUTHORITY,
  'rollout.excluded': API_OR_AUTHORITY,
  'rollout.resumed': AUTHORITY,
  'rollout.abort-requested': API,
  'rollout.ended': AUTHORITY,
  'scan.submitted': API,
  'scan.ended': API,
  'runbook.loaded': AUTHORITY,
  'runbook.refused': AUTHORITY,
  'runbook.admission-requested': API,
  'runbook.admission-refused': AUTHORITY,
  'runbook.admitted': AUTHORITY,
  'runbook.disabled': AUTHORITY,
  'runbook.revoked': AUTHORITY,
  'target.admission-requested': API,
  'target.admission-refused': AUTHORITY,
  'policy.admission-requested': API,
  'policy.admission-refused': AUTHORITY,
  'policy.admitted': AUTHORITY,
  // In production authority writes them, with its signature.
  'target.created': API_OR_AUTHORITY,
  'target.changed': API_OR_AUTHORITY,
  'target.maintenance-started': API,
  'target.maintenance-ended': API,
  'target.deleted': API_OR_AUTHORITY,
  'consent.recorded': API,
  // The command line issues and revokes tokens with the rights of the API.
  'token.issued': ['api', 'owner'],
  'token.revoked': ['api', 'owner'],
  'key.requested': API,
  'key.registered': AUTHORITY,
  'key.refused': AUTHORITY,
  'key.revoked': API,
  'access.denied': API,
  'schedule.created': API,
  'schedule.paused': ['api', 'owner'],
  'schedule.resumed': API,
  'schedule.removed': API,
  'schedule.missed': API,
  'standing.approval-requested': API,
  'standing.approval-refused': AUTHORITY,
  'standing.approved': AUTHORITY,
  'standing.withdrawn': AUTHORITY,
  'job.not-covered': AUTHORITY,
  'calendar.created': API,
  'calendar.changed': API,
  'calendar.deleted': API,
  'selection.created': API,
  'selection.changed': API,
  'selection.deleted': API,
  'freeze.on': API,
  'freeze.off': API,
  'clock.jumped-back': ['relay'],
  'record.restored': ['owner'],
  'values.erased': ['owner'],
};

/**
 * Who wrote an event in an earlier version, and what it was called: such events in a log are in order, and the database takes no new ones.
 */
export const FORMER_WRITERS: Readonly<Record<string, readonly EventWriter[]>> = {
  'runbook.loaded': WORKER,
  'runbook.refused': WORKER,
  // `change.reconciled` and `job.resolved` since 0.2.0.
  'job.settled': ['api', 'worker'],
};

/** Whether events of this action by this database role count as what they say; never for an action that none is or was. */
export function writes(role: string, action: string): boolean {
  const writersOf = (table: Readonly<Record<string, readonly EventWriter[]>>) =>
    Object.hasOwn(table, action) ? (table[action] as readonly EventWriter[]) : [];
  const writers = [...writersOf(EVENT_WRITERS), ...writersOf(FORMER_WRITERS)];
  return writers.some((writer) => (writer === 'owner' ? !role.startsWith('fixpoint_') : role === `fixpoint_${writer}`));
}
