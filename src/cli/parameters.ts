import type { JsonSchema } from '../domain/manifest.js';
import { terminal, usage, type Sources } from './terminal.js';

type Values = Record<string, unknown>;

/**
 * Parameters of a runbook from the words of a command line: `name=value` with the type that the runbook's schema gives it, a JSON
 * object, `@file` or `-` (standard input) with one. A value of its own may be `@file` too: the text of the file as it is, its last
 * newline included. A name that comes again adds to a list.
 * What is required and missing is asked for on a terminal.
 * @throws CommanderError (usage) for what fits no parameter
 */
export async function readParameters(
  words: readonly string[],
  schema: JsonSchema,
  sources: Sources = terminal(),
): Promise<Values> {
  const rules = rulesOf(schema);
  const values: Values = {};
  for (const word of words) {
    const given = objectIn(word, sources);
    if (given) Object.assign(values, given);
    else add(values, rules, word, sources);
  }
  const { ask } = sources;
  if (ask)
    for (const name of missing(schema, values)) {
      const text = await ask(`${name}${hint(rules[name])}: `);
      if (text !== '') add(values, rules, `${name}=${text}`, sources);
    }
  return values;
}

const rulesOf = (schema: JsonSchema) => (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>;

/** Names that the schema requires and nobody gave. */
export function missing(schema: JsonSchema, values: Values): readonly string[] {
  return ((schema.required ?? []) as readonly string[]).filter((name) => !Object.hasOwn(values, name));
}

function objectIn(word: string, { file, stdin }: Sources): Values | undefined {
  if (word === '-') return parseObject(stdin(), 'standard input');
  if (word.startsWith('@')) return parseObject(file(word.slice(1)), word.slice(1));
  return word.startsWith('{') ? parseObject(word, 'the argument') : undefined;
}

function parseObject(text: string, where: string): Values {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw usage(`Not a JSON object in ${where}: ${text.slice(0, 80)}`);
  return parsed as Values;
}

function add(values: Values, rules: Readonly<Record<string, JsonSchema>>, word: string, sources: Sources): void {
  const at = word.indexOf('=');
  const name = word.slice(0, at);
  if (at < 1) throw usage(`Not a parameter: ${word}. Write name=value, a JSON object, @file or - for standard input.`);
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (!rule) throw usage(`The runbook has no parameter ${name}. It has: ${Object.keys(rules).join(', ') || 'none'}.`);
  const given = word.slice(at + 1);
  const text = given.startsWith('@') ? sources.file(given.slice(1)) : given;
  if (typesOf(rule).includes('array') && !text.startsWith('[')) {
    const item = typed(name, (rule.items ?? {}) as JsonSchema, text);
    const known = Array.isArray(values[name]) ? (values[name] as unknown[]) : [];
    values[name] = [...known, item];
  } else if (Object.hasOwn(values, name)) throw usage(`${name} is given twice.`);
  else values[name] = typed(name, rule, text);
}

const typesOf = ({ type }: JsonSchema): readonly unknown[] => (Array.isArray(type) ? type : [type]);

/** The text as the value that its rule wants: a truth value, a number or null where the rule allows one and the text looks like it. */
function typed(name: string, rule: JsonSchema, text: string): unknown {
  const types = typesOf(rule);
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if ((types.includes('integer') || types.includes('number')) && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (types.includes('null') && text === 'null') return null;
  if (types.includes('array') || types.includes('object')) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw usage(`${name} is not JSON: ${text.slice(0, 80)}`);
    }
  }
  if (types.includes('string') || types.includes(undefined)) return text;
  throw usage(`${name} must be of the type ${types.join(' or ')}: ${text.slice(0, 80)}`);
}

function hint(rule: JsonSchema | undefined): string {
  const { enum: values, description } = (rule ?? {}) as { enum?: readonly unknown[]; description?: string };
  if (values) return ` (${values.join(', ')})`;
  return description === undefined ? '' : ` (${description})`;
}
