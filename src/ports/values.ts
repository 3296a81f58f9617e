import type { ValueObject } from '../domain/canonical.js';
import type { JsonSchema } from '../domain/manifest.js';
import type { Result } from '../domain/result.js';

export interface ValueProblem {
  /** JSON Pointer. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** Shape (RULES 1), then JSON Schema: the one way a value from outside becomes one we use. */
export interface ValueChecker {
  check(schema: JsonSchema, value: unknown): Result<ValueObject, readonly ValueProblem[]>;
}
