import type { Random } from '../../generative/random.js';

/** Another value in the place of one: of the same type where it has one. */
export function another(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return value + 1 + random.int(9);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return `${value}${random.pick(['x', ' ', '0'])}`;
  if (value instanceof Date) return new Date(value.getTime() + 1000 * (1 + random.int(100)));
  if (Array.isArray(value))
    return value.length > 0 && random.chance(0.5) ? value.slice(1) : [...(value as unknown[]), 'x'];
  return 'x';
}

/** The paths to every value within a value, lists and empty objects included. */
export function paths(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return [[]];
  const inner = Object.entries(value).flatMap(([name, member]) => paths(member).map((rest) => [name, ...rest]));
  return Array.isArray(value) || inner.length === 0 ? [[], ...inner] : inner;
}

/** A value with another one at a path within it. */
export function changed(value: any, [name, ...rest]: readonly string[], random: Random): unknown {
  if (name === undefined) return another(value, random);
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === name ? changed(item, rest, random) : item));
  return { ...value, [name]: changed(value[name], rest, random) };
}
