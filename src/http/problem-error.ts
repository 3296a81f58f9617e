/** One entry of the `errors` of a problem. */
export interface ProblemError {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  /** Which member of a batch it is about, from 0. */
  readonly index?: number;
  /** Of an item of a rollout: the target as it was asked for. */
  readonly target?: string;
}
