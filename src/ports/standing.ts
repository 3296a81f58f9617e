/** What `authority` made of the plans of schedules with a standing approval. */
export interface Standing {
  /** Ids of jobs that wait with a plan that was not judged yet, oldest first. */
  toJudge(limit: number): Promise<readonly string[]>;
  /** How many changes grants under this envelope allowed, those of this job apart. */
  used(envelope: string, otherThan: string): Promise<number>;
}
