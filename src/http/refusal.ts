import type { Code } from '../domain/codes/index.js';
import type { ProblemError } from './problem-error.js';

/** Why a request is refused before its handler sees it. */
export interface Refusal {
  readonly status: number;
  readonly code: Code;
  /** In place of the next step that the code names. */
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
}
