import { CODES, type Code } from '../../domain/codes/index.js';

/** A code of class `fault` or `note`. */
export type FindingCode = {
  [C in Code]: (typeof CODES)[C]['class'] extends 'fault' | 'note' ? C : never;
}[Code];

export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'wrong' | 'note';
  readonly what: string;
  /** What the finding is about: a file, a role, a process, a job. */
  readonly detail: string;
  readonly toDo: string;
}

/** A finding with the words of its code. */
export function finding(code: FindingCode, detail: string): Finding {
  const { class: of, en, next } = CODES[code];
  return { code, severity: of === 'note' ? 'note' : 'wrong', what: en, detail, toDo: next.en };
}
