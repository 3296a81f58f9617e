import { byUtf16Unit, canonicalJson, pointerStep, type Value } from './canonical.js';
import type { JsonSchema } from './manifest.js';
import { fail, ok, type Result } from './result.js';

export interface ShapeProblem {
  readonly path: string;
  readonly code:
    'too-deep' | 'too-large' | 'integer-too-large' | 'same-name' | 'duplicate-item' | 'maxItems' | 'not-a-value';
  readonly message: string;
}

/** How deep a value may be and how many bytes its canonical text may have. */
export interface ValueLimits {
  readonly depth: number;
  readonly bytes: number;
}

/** Limits of one value: parameters, inputs and outputs of a phase. */
const ONE_VALUE: ValueLimits = { depth: 8, bytes: 1024 * 1024 };

/**
 * Brings a value into the shape that its schema means, before the schema judges it: where the schema says `type: array`, null or
 * absent becomes `[]` and a single value `[value]`; null for an optional member that may not be null is dropped; arrays marked
 * `x-set` are sorted by canonical text. Nothing else is coerced. Refuses what no phase may see at all.
 */
export function shape(
  schema: JsonSchema,
  value: unknown,
  { depth, bytes }: ValueLimits = ONE_VALUE,
): Result<Value, ShapeProblem> {
  try {
    const shaped = shapeAt(schema, value, '', depth);
    if (Buffer.byteLength(canonicalJson(shaped)) > bytes)
      return fail({ path: '', code: 'too-large', message: `is larger than ${bytes / (1024 * 1024)} MiB` });
    return ok(shaped);
  } catch (error) {
    if (error instanceof TooDeep)
      return fail({ path: error.path, code: 'too-deep', message: `is deeper than ${depth}` });
    if (error instanceof Refused) return fail(error.problem);
    throw error;
  }
}

class TooDeep extends Error {
  readonly path: string;

  constructor(path: string) {
    super('too deep');
    this.name = 'TooDeep';
    this.path = path;
  }
}

class Refused extends Error {
  readonly problem: ShapeProblem;

  constructor(path: string, code: ShapeProblem['code'], message: string) {
    super(message);
    this.name = 'Refused';
    this.problem = { path, code, message };
  }
}

/** `left`: how many levels may still come. */
function shapeAt(schema: JsonSchema, value: unknown, path: string, left: number): Value {
  if (left < 0) throw new TooDeep(path);
  if (schema.type === 'array') return shapeArray(schema, value, path, left);
  if (Array.isArray(value)) return value.map((item, i) => shapeAt({}, item, `${path}/${i}`, left - 1));
  if (value !== null && typeof value === 'object')
    return shapeObject(schema, value as Record<string, unknown>, path, left);
  return scalar(value, path);
}

function shapeArray(schema: JsonSchema, value: unknown, path: string, left: number): Value {
  const list: readonly unknown[] = value === null || value === undefined ? [] : Array.isArray(value) ? value : [value];
  // Before anything looks at its items: their number is what the limit is about.
  if (typeof schema.maxItems === 'number' && list.length > schema.maxItems)
    throw new Refused(path, 'maxItems', `must NOT have more than ${schema.maxItems} items`);
  const items = (schema.items ?? {}) as JsonSchema;
  const shaped = list.map((item, i) => shapeAt(items, item, `${path}/${i}`, left - 1));
  if (schema['x-set'] !== true) return shaped;
  const keyed = shaped.map((item) => ({ item, text: canonicalJson(item) })).sort((a, b) => byUtf16Unit(a.text, b.text));
  keyed.forEach(({ text }, i) => {
    if (text === keyed[i - 1]?.text) throw new Refused(path, 'duplicate-item', 'has the same item twice');
  });
  return keyed.map(({ item }) => item);
}

function shapeObject(schema: JsonSchema, value: Record<string, unknown>, path: string, left: number): Value {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const required = (schema.required ?? []) as readonly string[];
  const folded = new Set<string>();
  const members: [string, Value][] = [];
  for (const [name, member] of Object.entries(value)) {
    const at = `${path}/${pointerStep(name)}`;
    const lower = name.toLowerCase();
    if (folded.has(lower)) throw new Refused(at, 'same-name', 'differs from another member in case only');
    folded.add(lower);
    scalar(name, at);
    const rule = Object.hasOwn(properties, name) ? (properties[name] ?? {}) : {};
    if (member === null && !required.includes(name) && !mayBeNull(rule) && Object.hasOwn(properties, name)) {
      if (rule.type === 'array') members.push([name, []]);
      continue;
    }
    members.push([name, shapeAt(rule, member, at, left - 1)]);
  }
  for (const [name, rule] of Object.entries(properties)) {
    if (rule.type === 'array' && !Object.hasOwn(value, name)) members.push([name, defaultOf(rule)]);
    else if (rule.default !== undefined && !Object.hasOwn(value, name)) members.push([name, rule.default as Value]);
  }
  // Not assignment: a member named __proto__ is data like any other.
  return Object.fromEntries<Value>(members);
}

function defaultOf(rule: JsonSchema): Value {
  return (rule.default as Value | undefined) ?? [];
}

function mayBeNull(rule: JsonSchema): boolean {
  const { type } = rule;
  const named = type === 'null' || (Array.isArray(type) && type.includes('null'));
  const listed = Array.isArray(rule.enum) && rule.enum.includes(null);
  return named || listed || type === undefined;
}

function scalar(value: unknown, path: string): Value {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new Refused(path, 'integer-too-large', 'is an integer beyond 2^53-1');
  }
  if (typeof value === 'number' && Object.is(value, -0)) return 0;
  try {
    canonicalJson(value);
  } catch {
    throw new Refused(path, 'not-a-value', 'is no value: text with half a surrogate pair, or not JSON');
  }
  return value as Value;
}
