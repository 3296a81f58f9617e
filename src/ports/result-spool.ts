import type { ChangeResult } from '../domain/journal.js';

/** The result of one attempt at one change, as the worker that made it heard it. */
export interface LateResult {
  readonly job: string;
  /** The claim under which it was made: a later one makes it evidence, no more. */
  readonly epoch: number;
  readonly changeId: string;
  readonly direction: 'apply' | 'undo';
  readonly attempt: number;
  readonly result: ChangeResult;
  readonly backupRef?: string;
  readonly code?: string;
  readonly detail?: string;
}

/** Keeps results that were heard while the record was away. What `keep` resolved for survives the process and the machine. */
export interface ResultSpool {
  keep(result: LateResult): Promise<void>;
  /**
   * Hands over what is kept, in order: ours, and what workers of this home left that are no more. Forgets what `merge` resolved
   * for; a result that it rejects for stays, with all after it. Returns how many were taken.
   */
  drain(merge: (result: LateResult) => Promise<void>): Promise<number>;
}
