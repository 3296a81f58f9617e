export interface Rollbacks {
  /** Whether a rollback of this job was requested and has not ended. */
  isOpen(job: string): Promise<boolean>;
  /** The id of the rollback that put back what this job made; undefined where none did. */
  doneBy(job: string): Promise<string | undefined>;
}
