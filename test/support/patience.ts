import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds without any progress after which something is taken to hang: far beyond what anything takes on any machine. */
export const HANGS_MS = 15 * 60_000;

/** Waits for a state, never for a time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = HANGS_MS): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${ms / 1000} s: ${what}`);
    await sleep(40);
  }
}

/** Judges by progress, not by time: a loop shows it a figure each turn, and it is at its end when the figure has stood still too long. */
export interface Timeouts {
  /** Whether the figure has not changed for that long. */
  isOver(figure: unknown): boolean;
  /** @throws when it is over */
  check(figure: unknown): void;
}

/** @param ms how long a figure may stand still */
export function createPatience(what: string, ms = HANGS_MS): Timeouts {
  let last: unknown;
  let changedAt = Date.now();
  const isOver = (figure: unknown) => {
    if (figure !== last) {
      last = figure;
      changedAt = Date.now();
    }
    return Date.now() - changedAt > ms;
  };
  return {
    isOver,
    check(figure) {
      if (isOver(figure)) throw new Error(`no progress for ${ms / 60_000} min: ${what}`);
    },
  };
}
