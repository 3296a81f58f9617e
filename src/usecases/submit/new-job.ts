import type { ValueObject } from '../../domain/canonical.js';
import { newSalt, requestDigest } from '../../domain/digest.js';
import { jobDigest } from '../../domain/request.js';
import type { Actor } from '../../domain/people.js';
import { ofThisTrace } from '../../platform/spans.js';
import type { NewJob } from '../../ports/submissions.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';

type Fields = NewJob['job'];
type Given = 'id' | 'state' | 'requester' | 'epoch' | 'partial' | 'drifts' | 'crashes' | 'proofs' | 'traceparent';

/** A job as every request makes it: to be planned, nothing done yet, in the name of the person who asks. */
export function newJob(context: Pick<ApiContext, 'newId'>, actor: Actor, fields: Omit<Fields, Given>): Fields {
  return {
    id: context.newId(),
    salt: newSalt(),
    state: 'planning',
    requester: actor.person,
    epoch: 0,
    partial: false,
    drifts: 0,
    crashes: 0,
    proofs: [],
    ...ofThisTrace(),
    ...fields,
  };
}

/** A new job with its audit event. `priority`: 1 is the most urgent. */
export function submissionOf(
  context: Pick<ApiContext, 'newId'>,
  job: Fields,
  priority: number,
  data: ValueObject = {},
): NewJob {
  const requestSha256 = requestDigest(job.parameters, job.reason, job.salt);
  const details = { data: { requestSha256, jobSha256: jobDigest(job), ...data } };
  return { job, events: [personEvent(context.newId, job.requester, 'job.submitted', job, details)], priority };
}
