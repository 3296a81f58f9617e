import { existsSync, renameSync, writeFileSync } from 'node:fs';

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** A wall clock that a test moves, for every process that is started with its environment. Times that only go forward stay real. */
export interface MovedClock {
  readonly env: NodeJS.ProcessEnv;
  now(): Date;
  /** Its time is this one now, in every process at its next look. It runs on from there. */
  set(to: Date): void;
}

/** @param file where its distance from the real clock is kept (seconds) */
export function movedClock(file: string): MovedClock {
  if (!existsSync(LIBRARY)) throw new Error('a moved clock needs the Debian package faketime');
  let offsetMs = 0;
  const clock: MovedClock = {
    env: {
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
    },
    now: () => new Date(Date.now() + offsetMs),
    set(to) {
      offsetMs = to.getTime() - Date.now();
      const seconds = offsetMs / 1000;
      // In one step: a process may read at any moment.
      writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds.toFixed(3)}\n`);
      renameSync(`${file}.new`, file);
    },
  };
  clock.set(new Date());
  return clock;
}
