import type { JsonSchema } from '../../domain/manifest.js';
import { PROSE_PATTERN } from '../../domain/visible.js';
import { repeatsChoices } from './pattern-ways.js';

/** Keywords a parameter or state schema may use: what the form, the validator and the shape rules all understand. */
const KEYWORDS = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'uniqueItems',
  'default',
  'title',
  'description',
  'x-set',
]);
/** Formats that are checked; a format nobody checks would only look like a rule. */
const FORMATS = new Set(['uuid', 'date-time', 'ipv4', 'ipv6', 'hostname', 'email']);

const PROSE = new RegExp(PROSE_PATTERN, 'u');

/** Whether the texts of a value show all that is in them. */
function isProse(value: unknown): boolean {
  if (typeof value === 'string') return PROSE.test(value);
  return value === null || typeof value !== 'object' || Object.values(value).every(isProse);
}

/** Why a schema is not closed or uses what it may not; one line a finding, with its pointer. */
export function openings(schema: unknown, path = ''): readonly string[] {
  if (schema === null || typeof schema !== 'object' || Array.isArray(schema))
    return [`${path || '/'}: must be a schema object`];
  const rule = schema as JsonSchema;
  const found = Object.keys(rule)
    .filter((keyword) => !KEYWORDS.has(keyword))
    .map((keyword) => `${path || '/'}: the keyword ${keyword} is not supported`);
  const types = Array.isArray(rule.type) ? rule.type : [rule.type];
  if (rule.type === undefined && rule.enum === undefined && rule.const === undefined)
    found.push(`${path || '/'}: needs a type, an enum or a const`);
  if (types.includes('object') && rule.additionalProperties !== false)
    found.push(`${path || '/'}: an object must say additionalProperties: false`);
  if (
    types.includes('string') &&
    rule.enum === undefined &&
    rule.const === undefined &&
    rule.maxLength === undefined &&
    rule.format === undefined
  ) {
    found.push(`${path || '/'}: text must have a maxLength`);
  }
  if (types.includes('array') && rule.items === undefined)
    found.push(`${path || '/'}: an array must say what its items are`);
  if (typeof rule.format === 'string' && !FORMATS.has(rule.format))
    found.push(`${path || '/'}: the format ${rule.format} is not checked`);
  if (typeof rule.pattern === 'string' && repeatsChoices(rule.pattern))
    found.push(`${path || '/'}: the pattern repeats a group that matches in several ways`);
  for (const keyword of ['title', 'description', 'default', 'enum', 'const'])
    if (!isProse(rule[keyword])) found.push(`${path || '/'}: ${keyword} has a character that nobody sees`);
  for (const [name, member] of Object.entries((rule.properties ?? {}) as Record<string, unknown>))
    found.push(...openings(member, `${path}/properties/${name}`));
  if (rule.items !== undefined) found.push(...openings(rule.items, `${path}/items`));
  return found;
}
