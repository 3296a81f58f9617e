import { visit } from 'jsonc-parser';
import { pointerStep } from '../domain/canonical.js';
import type { ProblemError } from './problem-error.js';

/** A body has no more errors than that, whatever its size. */
const MOST_NAMES = 50;

/** Members whose name their object has already: JSON.parse keeps the last one and says nothing. */
export function repeatedNames(text: string): readonly ProblemError[] {
  const errors: ProblemError[] = [];
  const objects: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void objects.push(new Set()),
    onObjectEnd: () => void objects.pop(),
    onObjectProperty: (name, _offset, _length, _line, _column, pathTo) => {
      const names = objects.at(-1);
      if (names?.has(name) === true && errors.length < MOST_NAMES) {
        const path = [...pathTo(), name].map((step) => `/${pointerStep(String(step))}`).join('');
        errors.push({ path, code: 'same-name', message: 'is there twice' });
      }
      names?.add(name);
    },
  });
  return errors;
}
