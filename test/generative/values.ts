import fc from 'fast-check';
import { resolved, type Document, type Schema } from './document.js';
import type { Random } from './random.js';

/** Texts that go wrong where somebody assumed too much; a schema takes those that fit it. */
export const TEXTS = [
  'x',
  ' ',
  '0',
  '-1',
  'null',
  'true',
  '__proto__',
  'constructor',
  'Größe',
  '測試',
  'e\u0301',
  '\u{1f600}',
  '\u{10ffff}',
  '\ufffe',
  'ad\u00admin',
  '\u202eabc',
  '\u200b',
  '\ufeffx',
  'İstanbul',
  'ﬁ',
  "'; DROP TABLE jobs; --",
  '%s%n',
  '%00',
  '../../etc/passwd',
  '$(id)',
  '{{7*7}}',
  'line\nbreak',
  'tab\there',
  '1e5',
  'NaN',
  '2026-02-30T10:00:00.000Z',
  '2026-01-02T03:04:05.678Z',
  '2026-01-02T03:04:05Z',
  '2026-01-02t03:04:05z',
  '2026-01-02 03:04:05Z',
  '2026-01-02T03:04:05+14:00',
  '2026-01-02T03:04:05.123456789123-23:59',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-23:59',
  '1969-12-31T23:59:59.000Z',
  '2016-12-31T23:59:60Z',
  '01890000-0000-7000-8000-000000000001',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'S-1-5-21-1-2-3-4',
  'S-1-12-1-9999999999-9999999999-9999999999-9999999999',
  'host.example',
  '::1',
  'fe80::1%eth0',
  '127.0.0.1',
] as const;

const made = new Map<string, fc.Arbitrary<string> | undefined>();

function matching(pattern: string): fc.Arbitrary<string> | undefined {
  if (!made.has(pattern)) {
    try {
      made.set(pattern, fc.stringMatching(new RegExp(pattern)));
    } catch {
      // Not every expression can be turned around, such as one that looks ahead: then the texts above must do.
      made.set(pattern, undefined);
    }
  }
  return made.get(pattern);
}

function fits(schema: Schema, text: string): boolean {
  const length = [...text].length;
  return (
    length >= (schema.minLength ?? 0) &&
    length <= (schema.maxLength ?? Infinity) &&
    (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(text)) &&
    (schema.format !== 'date-time' || /^\d{4}-\d\d-\d\d[tT ]\d\d:\d\d:\d\d/.test(text))
  );
}

/** A text that the schema takes. */
export function textOf(schema: Schema, random: Random): string {
  const { pattern, maxLength, format } = schema;
  if (maxLength !== undefined && random.chance(0.05) && fits(schema, 'x'.repeat(maxLength)))
    return 'x'.repeat(maxLength);
  const arbitrary = pattern === undefined || format !== undefined ? undefined : matching(pattern);
  if (arbitrary && random.chance(0.7)) {
    for (const text of fc.sample(arbitrary, { seed: random.int(2 ** 31 - 1), numRuns: 3 }))
      if (fits(schema, text)) return text;
  }
  const known = TEXTS.filter((text) => fits(schema, text));
  if (known.length > 0) return random.pick(known);
  const [any] = arbitrary ? fc.sample(arbitrary, { seed: 1, numRuns: 50 }).filter((text) => fits(schema, text)) : [];
  if (any === undefined) throw new Error(`no text is known that fits ${JSON.stringify(schema)}`);
  return any;
}

function numberOf({ minimum = -1000, maximum = 1000 }: Schema, random: Random): number {
  return random.pick([minimum, maximum, minimum + random.int(Math.min(maximum - minimum, 100))]);
}

/** A value that the schema takes. */
export function valueOf(document: Document, given: Schema, random: Random): unknown {
  const schema = resolved(document, given);
  if (schema.enum) return random.pick(schema.enum);
  if (schema.const !== undefined) return schema.const;
  const union = schema.oneOf ?? schema.anyOf;
  if (union) return valueOf(document, random.pick(union), random);
  switch (Array.isArray(schema.type) ? random.pick(schema.type) : schema.type) {
    case 'object':
      return objectOf(document, schema, random);
    case 'array': {
      const { minItems = 0, maxItems = 3, items = {} } = schema;
      const length = Math.min(maxItems, minItems + random.int(2));
      const list = Array.from({ length }, () => valueOf(document, items, random));
      return list.filter((item, i) => list.findIndex((other) => JSON.stringify(other) === JSON.stringify(item)) === i);
    }
    case 'string':
      return textOf(schema, random);
    case 'integer':
    case 'number':
      return numberOf(schema, random);
    case 'boolean':
      return random.chance(0.5);
    default:
      return null;
  }
}

function objectOf(document: Document, schema: Schema, random: Random): object {
  const { properties = {}, required = [] } = schema;
  const named = Object.entries(properties).filter(([name]) => required.includes(name) || random.chance(0.4));
  return Object.fromEntries(named.map(([name, rule]) => [name, valueOf(document, rule, random)]));
}
