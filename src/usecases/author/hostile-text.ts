import type { Value, ValueObject } from '../../domain/canonical.js';
import type { JsonSchema, Manifest } from '../../domain/manifest.js';

/** Texts that break what is built from text: quotes, code, wildcards, and letters that compare as equal to others. */
export function hostileTexts(canary: string): readonly string[] {
  return [
    `'; [IO.File]::WriteAllText('${canary}', 'x'); '`,
    `$([IO.File]::WriteAllText("${canary}", "x"))`,
    '`" \u2018\u2019\u201c\u201d',
    'a\r\nb\0c',
    'ad\u00admin',
    'e\u0301',
    '\uff21',
    '\u200b',
    '*',
    '-Force',
    '\ud83d\ude00',
    '',
  ];
}

/**
 * The parameters with a text at the end of each text that a requester may choose; undefined where there is none. What the schema
 * enumerates, and what the worker supplies, is no choice.
 */
export function spoiled(
  given: ValueObject,
  text: string,
  { parameters, supplied }: Pick<Manifest, 'parameters' | 'supplied'>,
): ValueObject | undefined {
  let texts = 0;
  const spoil = (value: Value, rule: JsonSchema): Value => {
    if (rule.enum !== undefined || rule.const !== undefined) return value;
    if (typeof value === 'string') {
      texts += 1;
      return `${value}${text}`;
    }
    if (Array.isArray(value))
      return (value as readonly Value[]).map((item) => spoil(item, (rule.items ?? {}) as JsonSchema));
    return value !== null && typeof value === 'object' ? members(value as ValueObject, rule) : value;
  };
  const members = (value: ValueObject, rule: JsonSchema): ValueObject => {
    const rules = (rule.properties ?? {}) as Readonly<Record<string, JsonSchema>>;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoil(one, rules[name] ?? {})]));
  };
  const isSupplied = (name: string) => (supplied as readonly string[]).includes(name);
  const chosen = Object.fromEntries(Object.entries(given).filter(([name]) => !isSupplied(name)));
  const changed = { ...given, ...members(chosen, parameters) };
  return texts > 0 ? changed : undefined;
}
