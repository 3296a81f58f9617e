import { utcText } from './time.js';

/** The window in which a job may begin to change something, as its request names it. Nothing is begun before `from`, or from `to` on. */
export interface JobWindow {
  readonly from: Date;
  readonly to: Date;
}

const HOUR_MS = 3_600_000;
/** The longest window: 72 hours. */
export const MOST_WINDOW_MS = 72 * HOUR_MS;
/** How far ahead a window may begin: 7 days. */
export const MOST_AHEAD_MS = 7 * 24 * HOUR_MS;

/** Why a request may not name this window, as a sentence; undefined where it may. */
export function windowProblem({ from, to }: JobWindow, now: Date): string | undefined {
  if (to <= from) return 'The window ends before it begins.';
  if (to <= now) return 'The window is over.';
  if (to.getTime() - from.getTime() > MOST_WINDOW_MS) return 'A window is at most 72 hours long.';
  return from.getTime() - now.getTime() > MOST_AHEAD_MS ? 'A window begins within 7 days.' : undefined;
}

/** From when on a grant that is given now lets a job run. */
export const notBeforeOf = (window: JobWindow | undefined, now: Date): Date =>
  window !== undefined && window.from > now ? window.from : now;

/** The earlier of a time and the end of the window. */
export const withinWindow = (window: JobWindow | undefined, time: Date): Date =>
  window !== undefined && window.to < time ? window.to : time;

/** The window as digests and the API name it. */
export const windowText = ({ from, to }: JobWindow) => ({ from: utcText(from), to: utcText(to) });
