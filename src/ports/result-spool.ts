import type { AttemptResult } from '../domain/move.js';

/** The result of one attempt at one change, as its worker received it. */
export interface LateResult extends AttemptResult {
  readonly job: string;
  /** The claim under which the change was made: after a later claim the result is only evidence. */
  readonly epoch: number;
}

/** Keeps results that arrive while the database is unavailable. Once `keep` resolves, the result survives a crash of process and machine. */
export interface ResultSpool {
  keep(result: LateResult): Promise<void>;
  /**
   * Passes the kept results to `merge` in order: those of this worker and of ended workers of this home. Deletes a result once
   * `merge` resolves; a result that it rejects stays, with all after it. Returns how many were merged.
   */
  drain(merge: (result: LateResult) => Promise<void>): Promise<number>;
}
