/** The worker's side of the outbox. */
export interface Deliveries {
  /** Marks the row taken. `unknown`: there is no such row for this job (a forged message). `used`: it was taken before (a double). */
  take(messageId: string, jobId: string): Promise<'taken' | 'unknown' | 'used'>;
}
