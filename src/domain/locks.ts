import type { Value, ValueObject } from './canonical.js';
import { byUtf16Unit } from './canonical.js';
import type { Manifest } from './manifest.js';

/** Kinds whose key is the inventory's identity of the target, never something a target reported. */
const OF_TARGET = ['host', 'farm', 'sync'];

/**
 * The object locks of a job: sorted, without doubles. A pointer that finds nothing adds no key; `*` stands for every item of an
 * array.
 */
export function lockKeys(manifest: Pick<Manifest, 'locks'>, state: ValueObject, targetId: string): readonly string[] {
  const keys = new Set<string>();
  for (const { kind, at } of manifest.locks) {
    if (OF_TARGET.includes(kind)) keys.add(`${kind}:${targetId}`);
    else if (at !== undefined) for (const found of resolve(state, at)) keys.add(`${kind}:${found.toLowerCase()}`);
  }
  return [...keys].sort(byUtf16Unit);
}

function resolve(state: ValueObject, pointer: string): readonly string[] {
  let found: readonly Value[] = [state];
  for (const raw of pointer.split('/').slice(1)) {
    const step = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    found = found.flatMap((value): readonly Value[] => {
      if (Array.isArray(value)) return step === '*' ? (value as readonly Value[]) : [];
      if (value === null || typeof value !== 'object') return [];
      const member = Object.hasOwn(value, step) ? (value as ValueObject)[step] : undefined;
      return member === undefined ? [] : [member];
    });
  }
  return found.filter((value): value is string => typeof value === 'string');
}
