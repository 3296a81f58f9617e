import { CODES, isCode, isPhaseClass, type Code, type CodeWords, type PhaseCodeClass } from './index.js';

/** A code that a runbook declares in its manifest (`codes`). */
export interface OwnCode {
  readonly class: PhaseCodeClass;
  readonly en: string;
  readonly 'zh-TW'?: string;
  readonly next: { readonly en: string; readonly 'zh-TW'?: string };
}

/** The codes of one runbook, by code; none where the manifest declares none. */
export type OwnCodes = Readonly<Record<string, OwnCode>> | undefined;

declare const declared: unique symbol;

/** A code that was found among the codes of a runbook: only `phaseCode` makes one. */
export type RunbookCode = string & { readonly [declared]: true };

/** What may stand on a job as its code. */
export type JobCode = Code | RunbookCode;

export interface PhaseCode {
  readonly code: JobCode;
  /** Absent where the thrown text is not a stable code. */
  readonly class?: PhaseCodeClass;
}

/**
 * Types what a phase threw: a code of the table that phases may throw, a code of the runbook's own, or else `script-error`
 * without a class.
 */
export function phaseCode(thrown: string, own: OwnCodes): PhaseCode {
  if (isCode(thrown)) {
    const { class: of } = CODES[thrown];
    if (isPhaseClass(of)) return { code: thrown, class: of };
  }
  const found = own && Object.hasOwn(own, thrown) ? own[thrown] : undefined;
  return found && isRunbookCode(thrown, own) ? { code: thrown, class: found.class } : { code: 'script-error' };
}

function isRunbookCode(code: string, own: OwnCodes): code is RunbookCode {
  return own !== undefined && Object.hasOwn(own, code);
}

/** The words of a code, from the table or from the runbook's own codes; undefined for any other text. */
export function wordsOf(code: string, own?: OwnCodes): CodeWords | undefined {
  if (isCode(code)) return CODES[code];
  const found = own && Object.hasOwn(own, code) ? own[code] : undefined;
  if (!found) return undefined;
  const { en, next } = found;
  return { en, zhTW: found['zh-TW'] ?? en, next: { en: next.en, zhTW: next['zh-TW'] ?? next.en } };
}

/** What a code means and what to do next, in English; undefined for a text that is no code. */
export function meaningOf(code: string, own?: OwnCodes): string | undefined {
  const words = wordsOf(code, own);
  return words && `${words.en} ${words.next.en}`;
}
