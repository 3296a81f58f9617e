export interface Rollbacks {
  /** Whether a rollback of this job was requested and has not ended. */
  isOpen(job: string): Promise<boolean>;
}
