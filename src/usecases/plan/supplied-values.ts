import type { Value, ValueObject } from '../../domain/canonical.js';
import { subjectOf } from '../../domain/claims.js';
import type { Manifest } from '../../domain/manifest.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { directoryOf } from '../../domain/target.js';
import { utcText } from '../../domain/time.js';
import { followedJob } from './followed-job.js';
import { setAsideItems } from './set-aside-items.js';
import { userSessionOf } from '../phases/user-session.js';
import type { SuppliedJob, SupplySources } from './supply-sources.js';

/** More consents or earlier steps than anybody reads are not shown; the newest are. */
const MOST_CLAIMS = 20;

export type SuppliedFailure = { readonly kind: 'setting-missing'; readonly name: string };

/**
 * The values that the worker adds to `$Parameters` at planning: from the job, the target's inventory entry, the recorded
 * consents and the earlier jobs. Fixed for the life of the job; no requester can set them.
 */
export async function suppliedValues(
  context: SupplySources,
  job: SuppliedJob,
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
  context: SupplySources,
  job: SuppliedJob,
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
      return directoryOf(transport)?.servers[0] ?? settings[name];
    case 'globalCatalog':
      return settings[name] ?? directoryOf(transport)?.servers[0];
    case 'userSession':
      return userSessionOf(job.target);
    case 'consents':
      return consentsOf(context, job);
    case 'previousSteps':
      return stepsOf(context, job);
    case 'followedJob':
      return followedJob(context.jobs, job, clockOffsetMs);
    case 'planned':
      return null;
    case 'quarantine':
      return setAsideItems(context, job);
    default:
      return Object.hasOwn(settings, name) ? settings[name] : undefined;
  }
}

async function consentsOf(context: SupplySources, job: SuppliedJob): Promise<Value> {
  const sid = job.parameters.userSid;
  if (typeof sid !== 'string') return [];
  const consents = await context.consents.latest(sid, MOST_CLAIMS);
  return consents.map(({ id, kind, subjectSid, evidence, recordedBy, recordedAt }) => ({
    kind,
    sid: subjectSid,
    evidence,
    recordedBy: { id: recordedBy.id, name: recordedBy.name },
    recordedAtUtc: utcText(recordedAt),
    ref: id,
  }));
}

async function stepsOf(context: SupplySources, job: SuppliedJob): Promise<Value> {
  const subject = subjectOf(job.parameters);
  if (!subject) return [];
  const steps = await context.previousSteps.list({ target: job.target.id, subject, limit: MOST_CLAIMS });
  return steps.map((step) => ({
    runbook: step.runbook,
    job: step.job,
    outcome: step.undone ? 'rolled-back' : (step.outcome ?? step.state),
    endedAtUtc: utcText(step.endedAt),
    requestedBy: { id: step.requester.id, name: step.requester.name },
    // The parameters of earlier jobs of this runbook tell its own steps apart; of other runbooks it is nobody's business here.
    ...(step.runbook === job.runbook.id ? { parameters: scalars(step.parameters) } : {}),
  }));
}

function scalars(parameters: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(parameters).filter(
      ([, value]) =>
        typeof value === 'boolean' || typeof value === 'number' || (typeof value === 'string' && value.length <= 400),
    ),
  );
}
