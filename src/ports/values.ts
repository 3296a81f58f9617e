import type { ValueObject } from '../domain/canonical.js';
import type { JsonSchema } from '../domain/manifest.js';
import type { Result } from '../domain/result.js';
import type { ValueLimits } from '../domain/values.js';

export interface ValueProblem {
  /** JSON Pointer. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** Shape (RULES 1), then JSON Schema: the one way a value from outside becomes one we use. */
export interface ValueChecker {
  /** @param limits depth and size of the value; 8 and 1 MiB where there are none */
  check(schema: JsonSchema, value: unknown, limits?: ValueLimits): Result<ValueObject, readonly ValueProblem[]>;
}
