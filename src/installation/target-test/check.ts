import { CODES, type Code } from '../../domain/codes/index.js';

/** What one look at a target found. */
export interface TargetCheck {
  readonly check: string;
  readonly state: 'ok' | 'failed' | 'note';
  readonly detail: string;
  /** The stable code of the failure, where a job would have one. */
  readonly code?: Code;
  /** What to do next; with `failed` and `note` only. */
  readonly toDo?: string;
}

export const ok = (check: string, detail: string): TargetCheck => ({ check, state: 'ok', detail });
export const note = (check: string, detail: string, toDo: string): TargetCheck => ({
  check,
  state: 'note',
  detail,
  toDo,
});
export const failed = (check: string, detail: string, toDo: string): TargetCheck => ({
  check,
  state: 'failed',
  detail,
  toDo,
});
/** With the next step that a job with this code has. */
export const failedBy = (check: string, code: Code, detail: string): TargetCheck => ({
  ...failed(check, detail, CODES[code].next.en),
  code,
});
