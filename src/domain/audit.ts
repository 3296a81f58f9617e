import { uuidOf } from './uuid.js';
import { canonicalJson, isCanonical, type ValueObject } from './canonical.js';
import { labelledDigest, sha256 } from './digest.js';

/** One fact, past tense. `data` holds ids, digests, counts and codes: no parameter value, no output, no secret. */
export interface AuditEvent {
  readonly v: 1;
  readonly eventId: string;
  readonly action: AuditAction;
  readonly outcome: 'success' | 'failure' | 'denied' | 'unknown';
  /** UTC text of the writer's clock; order is by `seq`, not by time. */
  readonly at: string;
  readonly actor: {
    readonly type: 'person' | 'service';
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
  };
  readonly job: string | null;
  readonly target: string | null;
  readonly data: ValueObject;
}

/** The id of an event that may be written twice, such as after a crash: the same fact has the same id, and the log takes it once. */
export function eventIdOf(action: AuditAction, fact: ValueObject): string {
  return uuidOf(labelledDigest('fixpoint-event-v1', { action, fact }));
}

export type AuditAction =
  | 'job.submitted'
  | 'job.planning-started'
  | 'job.planned'
  | 'job.compliant'
  | 'job.scanned'
  | 'job.deferred'
  | 'job.blocked'
  | 'job.decided'
  | 'job.decision-refused'
  | 'job.approved'
  | 'job.rejected'
  | 'job.expired'
  | 'job.superseded'
  | 'job.claimed'
  | 'job.drifted'
  | 'job.cancel-requested'
  | 'job.cancelled'
  | 'job.waiting'
  | 'job.succeeded'
  | 'job.failed'
  | 'job.unknown'
  | 'change.reconciled'
  | 'job.resolved'
  | 'job.needs-attention'
  | 'job.rolling-back'
  | 'job.rolled-back'
  | 'job.rollback-failed'
  | 'job.requeued'
  | 'job.message-dropped'
  | 'grant.used'
  | 'grant.revoked'
  | 'change.intent'
  | 'change.result'
  | 'change.result-late'
  | 'rollout.submitted'
  | 'rollout.decided'
  | 'rollout.decision-refused'
  | 'rollout.approved'
  | 'rollout.rejected'
  | 'rollout.wave-started'
  | 'rollout.wave-proved'
  | 'rollout.paused'
  | 'rollout.excluded'
  | 'rollout.resumed'
  | 'rollout.abort-requested'
  | 'rollout.ended'
  | 'scan.submitted'
  | 'scan.ended'
  | 'runbook.loaded'
  | 'runbook.refused'
  | 'runbook.admission-requested'
  | 'runbook.admission-refused'
  | 'runbook.admitted'
  | 'runbook.disabled'
  | 'runbook.revoked'
  | 'target.admission-requested'
  | 'target.admission-refused'
  | 'policy.admission-requested'
  | 'policy.admission-refused'
  | 'policy.admitted'
  | 'target.created'
  | 'target.changed'
  | 'target.deleted'
  | 'target.maintenance-started'
  | 'target.maintenance-ended'
  | 'consent.recorded'
  | 'token.issued'
  | 'token.revoked'
  | 'key.requested'
  | 'key.registered'
  | 'key.refused'
  | 'key.revoked'
  | 'access.denied'
  | 'schedule.created'
  | 'schedule.paused'
  | 'schedule.resumed'
  | 'schedule.removed'
  | 'schedule.missed'
  | 'standing.approval-requested'
  | 'standing.approval-refused'
  | 'standing.approved'
  | 'standing.withdrawn'
  | 'job.not-covered'
  | 'calendar.created'
  | 'calendar.changed'
  | 'calendar.deleted'
  | 'selection.created'
  | 'selection.changed'
  | 'selection.deleted'
  | 'freeze.on'
  | 'freeze.off'
  | 'clock.jumped-back'
  | 'record.restored'
  | 'values.erased';

export function auditBytes(event: AuditEvent): string {
  return canonicalJson(event);
}

/** The event that these bytes are; undefined for anything but an event in canonical form. */
export function parseEvent(text: string): AuditEvent | undefined {
  try {
    const event: unknown = JSON.parse(text);
    return isEvent(event) && isCanonical(event, text) ? event : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value has the members that whoever reads an event goes by. */
function isEvent(value: unknown): value is AuditEvent {
  if (!isObject(value) || value.v !== 1 || !isObject(value.actor) || !isObject(value.data)) return false;
  const texts = [value.eventId, value.action, value.outcome, value.at, value.actor.id, value.actor.name];
  const names = [value.job, value.target].filter((name) => name !== null);
  return [...texts, ...names].every((text) => typeof text === 'string') && Array.isArray(value.actor.roles);
}

/** One link of the chain as stored and exported. `event` is the exact text that was inserted with the change. */
export interface ChainedEvent {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
  /** The database role that inserted the event, as the database saw it. */
  readonly writer: string;
  readonly event: string;
}

export const GENESIS = '0'.repeat(64);

/** hash = SHA-256(`fixpoint-chain-v1\0` seq `\n` prevHash `\n` writer `\n` SHA-256(event bytes)), all lower-case hex. */
export function linkHash(seq: number, prevHash: string, writer: string, event: string): string {
  return sha256(`fixpoint-chain-v1\0${seq}\n${prevHash}\n${writer}\n${sha256(event)}`);
}
