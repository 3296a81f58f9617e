import type { ErrorObject } from 'ajv/dist/2020.js';
import { pointerStep } from '../../domain/canonical.js';
import { PROSE_PATTERN } from '../../domain/visible.js';
import type { ValueProblem } from '../../ports/values.js';

/**
 * What a schema found, in the words of every place that validates: each value that does not fit by its path, with the values that
 * are allowed. The validator must be compiled with `verbose`.
 */
export function schemaProblems(errors: readonly ErrorObject[] | null | undefined): readonly ValueProblem[] {
  const all = errors ?? [];
  const unions = all.filter(({ keyword }) => keyword === 'anyOf');
  return all.filter((error) => !unions.some((union) => isAbout(error, union))).map(problemOf);
}

/** Whether an error says no more than the union that it is of: a complaint of an alternative that was not meant. */
function isAbout(error: ErrorObject, union: ErrorObject): boolean {
  const meant = meantBy(union);
  if (error === union) return meant >= 0;
  const within = `${union.schemaPath}/`;
  if (!error.instancePath.startsWith(union.instancePath)) return false;
  return error.schemaPath.startsWith(within) && !error.schemaPath.startsWith(`${within}${meant}/`);
}

interface Alternative {
  readonly type?: string;
  readonly const?: string;
  readonly required?: readonly string[];
}

/** The alternative of a union that a value is meant to be: an object means the one that is an object. */
function meantBy({ data, schema }: ErrorObject): number {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return -1;
  return (schema as readonly Alternative[]).findIndex(({ type }) => type === 'object');
}

function problemOf(error: ErrorObject): ValueProblem {
  const params = error.params as { missingProperty?: string; additionalProperty?: string };
  const extra = params.missingProperty ?? params.additionalProperty;
  if (error.keyword === 'discriminator') return tagProblem(error);
  const path = extra === undefined ? error.instancePath : `${error.instancePath}/${pointerStep(extra)}`;
  return { path, code: error.keyword, message: messageOf(error) };
}

/** A union is judged by its tag: the tags that it has, in place of every alternative's complaints. */
function tagProblem({ instancePath, params, parentSchema }: ErrorObject): ValueProblem {
  const { tag } = params as { tag: string };
  const alternatives = (parentSchema?.oneOf ?? []) as readonly {
    properties: Readonly<Record<string, { const?: unknown }>>;
  }[];
  const tags = alternatives.map(({ properties }) => String(properties[tag]?.const));
  return { path: `${instancePath}/${pointerStep(tag)}`, code: 'enum', message: `must be one of ${tags.join(', ')}` };
}

function messageOf(error: ErrorObject): string {
  switch (error.keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return 'is not known here';
    case 'pattern':
      return (error.params as { pattern: string }).pattern === PROSE_PATTERN
        ? 'has a character that nobody sees'
        : (error.message ?? 'is not allowed');
    case 'enum':
      return `must be one of ${(error.params as { allowedValues: unknown[] }).allowedValues.join(', ')}`;
    case 'const':
      return `must be ${String((error.params as { allowedValue: unknown }).allowedValue)}`;
    case 'anyOf':
      return `must be ${(error.schema as readonly Alternative[]).map(wordsOf).join(' or ')}`;
    default:
      return error.message ?? 'is not allowed';
  }
}

function wordsOf({ type, const: value, required = [] }: Alternative): string {
  if (value !== undefined) return value;
  return type === 'object' && required.length > 0 ? `an object with ${required.join(', ')}` : (type ?? 'another value');
}
