import type { Value, ValueObject } from '../domain/canonical.js';
import type { Job } from '../domain/job.js';
import type { Manifest } from '../domain/manifest.js';
import { fail, ok, type Result } from '../domain/result.js';
import { utcText } from '../domain/time.js';
import type { WorkerContext } from './worker-context.js';

export type SuppliedFailure = { readonly kind: 'setting-missing'; readonly name: string };

/**
 * The values that the worker adds to `$Parameters` at planning: from the job, the target's inventory entry and the recorded
 * consents. Fixed for the life of the job; no requester can set them.
 */
export async function suppliedValues(
  context: WorkerContext,
  job: Job,
  manifest: Manifest,
  clockOffsetMs: number,
): Promise<Result<ValueObject, SuppliedFailure>> {
  const values: Record<string, Value> = {};
  for (const name of manifest.supplied) {
    const value = await suppliedValue(context, job, name, clockOffsetMs);
    if (value === undefined) return fail({ kind: 'setting-missing', name });
    values[name] = value;
  }
  return ok(values);
}

async function suppliedValue(
  context: WorkerContext,
  job: Job,
  name: string,
  clockOffsetMs: number,
): Promise<Value | undefined> {
  const { transport, settings } = job.target;
  switch (name) {
    case 'jobId':
      return job.id.replaceAll('-', '');
    case 'requestedAtTargetUtc':
      return utcText(new Date(job.submittedAt.getTime() + clockOffsetMs));
    case 'server':
      // One directory server is pinned for the whole job: a compare-and-swap guards one server only.
      return transport.type === 'ldaps' ? transport.servers[0] : settings[name];
    case 'globalCatalog':
      return settings[name] ?? (transport.type === 'ldaps' ? transport.servers[0] : undefined);
    case 'consents':
      return consentsOf(context, job);
    case 'previousSteps':
      return [];
    default:
      return Object.hasOwn(settings, name) ? settings[name] : undefined;
  }
}

async function consentsOf(context: WorkerContext, job: Job): Promise<Value> {
  const sid = job.parameters.userSid;
  if (typeof sid !== 'string') return [];
  const consents = await context.consents.list({ subjectSid: sid, limit: 100 });
  return consents.map(({ id, kind, subjectSid, recordedAt }) => ({
    kind,
    sid: subjectSid,
    recordedAtUtc: utcText(recordedAt),
    ref: id,
  }));
}
