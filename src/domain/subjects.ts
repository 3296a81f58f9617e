import type { Value, ValueObject } from './canonical.js';
import type { PlannedChange } from './plan.js';

/** Longest text that is kept to search by, of one value and of one job, in characters. */
const MOST_OF_VALUE = 512;
const MOST_OF_JOB = 16_384;

/** The form in which texts are compared in a search: composed, lower case, without control characters. */
export function searchForm(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/\p{Cc}+/gu, ' ');
}

/** A shorter text is part of too many names, and the empty one of all. */
export const SHORTEST_ERASED = 3;

/** Whether the values of all jobs about this subject may be erased: it has enough characters in the form of a search, blanks apart. */
export const isErasableSubject = (text: string): boolean => [...searchForm(text).trim()].length >= SHORTEST_ERASED;

/**
 * What a job is about, to search by: one line for each text of its parameters, of the state that Detect saw, and for each resource
 * that it changes. Each line once, in the form of a search.
 */
export function subjectsOf(parameters: ValueObject, findings?: ValueObject, changes: readonly PlannedChange[] = []) {
  const found = new Set<string>();
  let length = 0;
  const add = (text: string) => {
    const line = searchForm(text).slice(0, MOST_OF_VALUE);
    if (line === '' || found.has(line) || length + line.length >= MOST_OF_JOB) return;
    found.add(line);
    length += line.length + 1;
  };
  const walk = (value: Value) => {
    if (typeof value === 'string') add(value);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk);
  };
  walk(parameters);
  for (const { resource, label = '' } of changes) {
    add(resource);
    add(label);
  }
  if (findings) walk(findings);
  return [...found].join('\n');
}
