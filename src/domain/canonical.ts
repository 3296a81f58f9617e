/** A value that may enter or leave a phase (docs/architecture.md, "Values"): JSON, nothing more. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };
export type ValueObject = { readonly [name: string]: Value };

/** Thrown for a value that has no canonical form; the path is a JSON Pointer. */
export class NotCanonical extends Error {
  readonly path: string;

  constructor(path: string, why: string) {
    super(`${path === '' ? '/' : path}: ${why}`);
    this.name = 'NotCanonical';
    this.path = path;
  }
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * The canonical text of a value: RFC 8785 (members sorted by UTF-16 unit, ECMAScript numbers), -0 written as 0.
 * Digests are taken over its UTF-8 bytes.
 * @throws NotCanonical for NaN, infinities, lone surrogates, undefined, functions and other non-JSON values.
 */
export function canonicalJson(value: unknown, path = ''): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NotCanonical(path, 'not a finite number');
    return JSON.stringify(Object.is(value, -0) ? 0 : value);
  }
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) throw new NotCanonical(path, 'a string with a lone surrogate');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item, i) => canonicalJson(item, `${path}/${i}`)).join(',')}]`;
  if (typeof value === 'object') {
    const record = value as Record<string, unknown>;
    const members = Object.keys(record)
      .sort(byUtf16Unit)
      .map((name) => `${canonicalJson(name, path)}:${canonicalJson(record[name], `${path}/${pointerStep(name)}`)}`);
    return `{${members.join(',')}}`;
  }
  throw new NotCanonical(path, `a ${typeof value} is not JSON`);
}

/**
 * Whether `text` is the canonical text of the value that was parsed from it; false for a value that has none. JSON.stringify writes
 * the same text where the members are in order already and no surrogate stands alone: then nothing is written a second time.
 */
export function isCanonical(parsed: unknown, text: string): boolean {
  if (!text.includes('\\ud') && inOrder(parsed)) return JSON.stringify(parsed) === text;
  try {
    return canonicalJson(parsed) === text;
  } catch {
    return false;
  }
}

/** Whether the members of every object come in canonical order. */
function inOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(inOrder);
  let previous = '';
  // What JSON.parse made has no other members than its own; a list of them would cost more than looking at them.
  for (const name in value) {
    if (name < previous || !inOrder((value as Record<string, unknown>)[name])) return false;
    previous = name;
  }
  return true;
}

/** Orders two strings by UTF-16 code unit, as RFC 8785 and PowerShell's ordinal comparison do. */
export function byUtf16Unit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Escapes one step of a JSON Pointer (RFC 6901). */
export function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
