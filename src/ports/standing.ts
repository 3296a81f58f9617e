import type { Job } from '../domain/job.js';

/** What `authority` made of the plans of schedules with a standing approval. */
export interface Standing {
  /** Ids of jobs that wait with a plan that was not judged yet, oldest first. */
  toJudge(limit: number): Promise<readonly string[]>;
  /** How many changes grants under this envelope allowed, those of this job apart. */
  used(envelope: string, otherThan: string): Promise<number>;
  /** Whether a grant was given for this instant of a schedule: no other is ever given for it. */
  isUsedUp(firing: NonNullable<Job['schedule']>): Promise<boolean>;
}
