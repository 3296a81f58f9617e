import type { AuditAction, AuditEvent } from '../domain/audit.js';
import type { ValueObject } from '../domain/canonical.js';
import type { Job } from '../domain/job.js';
import type { PersonRef } from '../domain/people.js';
import { utcText } from '../domain/time.js';
import { logFields } from '../platform/spans.js';

type About = Pick<Job, 'id' | 'target' | 'runbook'>;

export interface EventDetails {
  readonly outcome?: AuditEvent['outcome'];
  readonly data?: ValueObject;
}

/** An audit event of a process, such as a worker. */
export function serviceEvent(
  newId: () => string,
  service: string,
  action: AuditAction,
  job: About | undefined,
  details: EventDetails = {},
): AuditEvent {
  return event(newId, { type: 'service', id: service, name: service, roles: [] }, action, job, details);
}

/** What makes an audit event of a worker: only the source of its id. */
export interface Ids {
  readonly newId: () => string;
}

/** An audit event of a worker. */
export function workerEvent(ids: Ids, action: AuditAction, job: About, details: EventDetails = {}): AuditEvent {
  return serviceEvent(ids.newId, 'worker', action, job, details);
}

/** An audit event of a person. */
export function personEvent(
  newId: () => string,
  person: PersonRef,
  action: AuditAction,
  job: About | undefined,
  details: EventDetails = {},
): AuditEvent {
  const { id, name, roles } = person;
  return event(newId, { type: 'person', id, name, roles }, action, job, details);
}

function event(
  newId: () => string,
  actor: AuditEvent['actor'],
  action: AuditAction,
  job: About | undefined,
  { outcome = 'success', data = {} }: EventDetails,
): AuditEvent {
  const { traceId } = logFields();
  const trace = traceId === undefined ? {} : { traceId };
  return {
    v: 1,
    eventId: newId(),
    action,
    outcome,
    at: utcText(new Date()),
    actor,
    job: job?.id ?? null,
    target: job?.target.id ?? null,
    data: job
      ? {
          runbook: job.runbook.id,
          contentSha256: job.runbook.contentDigest,
          targetName: job.target.name,
          ...trace,
          ...data,
        }
      : { ...trace, ...data },
  };
}
