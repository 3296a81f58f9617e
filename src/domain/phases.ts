import type { Value, ValueObject } from './canonical.js';
import type { Job } from './job.js';
import type { Change } from './plan.js';

/** `$Parameters` of every phase: what the requester gave, and what the worker filled in. The worker's values win. */
export function phaseParameters(job: Pick<Job, 'parameters'>, supplied: ValueObject | undefined): ValueObject {
  return { ...job.parameters, ...supplied };
}

/** `$Change` of Apply and Rollback: what is compared and written, not what people call the resource. */
export function changeValue({ label: _, ...change }: Change): Value {
  return { ...change };
}
