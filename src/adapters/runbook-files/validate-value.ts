import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { ValueObject } from '../../domain/canonical.js';
import type { JsonSchema } from '../../domain/manifest.js';
import { fail, ok } from '../../domain/result.js';
import { shape } from '../../domain/values.js';
import type { ValueChecker } from '../../ports/values.js';
import { compileSchema } from './compile-schema.js';
import { boundedProblems } from './bounded-problems.js';

const compile = (schema: JsonSchema, allErrors: boolean): ValidateFunction =>
  compileSchema(schema, { strictRequired: false, ownProperties: true, discriminator: true, verbose: true, allErrors });

/** Compiled schemas that are kept: more than a catalogue has. */
const KEPT = 2000;

/**
 * Shape, then JSON Schema 2020-12 in strict mode. Compiled schemas are kept by their text: a runbook is read from the database
 * for each job, and compiling its schemas costs more than everything else that Node does for a job (measured: 11 ms).
 */
export function createValueChecker(): ValueChecker {
  const validators = { fits: compiler(false), all: compiler(true) };
  return {
    check(schema, value, limits) {
      const shaped = shape(schema, value, limits);
      if (!shaped.ok) return fail([shaped.error]);
      const problems = boundedProblems(validators, schema, shaped.value);
      return problems.length === 0 ? ok(shaped.value as ValueObject) : fail(problems);
    },
  };
}

/** Compiles a schema once for each text, and makes its text once for each object. */
function compiler(allErrors: boolean): (schema: JsonSchema) => ValidateFunction {
  const compiled = new Map<string, ValidateFunction>();
  const known = new WeakMap<JsonSchema, ValidateFunction>();
  const byText = (schema: JsonSchema) => {
    const text = JSON.stringify(schema);
    const before = compiled.get(text);
    if (before) return before;
    const validate = compile(schema, allErrors);
    if (compiled.size >= KEPT) compiled.clear();
    compiled.set(text, validate);
    return validate;
  };
  return (schema) => {
    const validate = known.get(schema) ?? byText(schema);
    known.set(schema, validate);
    return validate;
  };
}

/** Whether a schema compiles in strict mode; the reason when it does not. */
export function schemaProblem(schema: JsonSchema): string | undefined {
  try {
    compile(schema, true);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
