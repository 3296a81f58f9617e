import type { Job } from '../../domain/job.js';
import type { WorkerContext } from '../worker-context.js';

/** Where the values come from that are neither of the job nor of the target. */
export type SupplySources = Pick<WorkerContext, 'consents' | 'previousSteps' | 'rollbacks'> & {
  readonly jobs: Pick<WorkerContext['jobs'], 'view'>;
  readonly catalogue: Pick<WorkerContext['catalogue'], 'manifest'>;
};

/** What is supplied about. */
export type SuppliedJob = Pick<Job, 'id' | 'target' | 'parameters' | 'submittedAt' | 'follows'> & {
  readonly runbook: Pick<Job['runbook'], 'id'>;
};
