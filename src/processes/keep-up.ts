import { pause } from '../platform/wake.js';

/** One run of a part. */
export interface Run {
  /** Resolves when the part works; stays open when it ends first. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended, with why. `lasting` says that another start would end the same way. Never rejects. */
  readonly ended: Promise<{ readonly why: string; readonly lasting?: boolean }>;
  /** Ends it; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Something that the supervisor starts and has to keep running. */
export interface Part {
  readonly name: string;
  start(): Run;
}

export interface Keeper {
  /** Resolves when the part worked for the first time. */
  readonly ready: Promise<void>;
  /** Resolves when the part cannot be kept up, with the reason. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/** So many ends in a row, none of them after it worked, and a part counts as one that cannot be restarted. */
const MOST_ENDS = 5;
const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5000;

/** Keeps a part up: it is started again, after a growing pause, when it ends. `running` is a run that was started before. */
export function keepUp(part: Part, log: (message: string) => void, running: Run = part.start()): Keeper {
  const stopping = new AbortController();
  let current = running;
  let onReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (onReady = resolve));
  const keep = async (): Promise<string> => {
    for (let ends = 0; ;) {
      const run = current;
      void run.ready.then(() => {
        ends = 0;
        onReady();
      });
      const { why, lasting } = await run.ended;
      if (stopping.signal.aborted) break;
      ends += 1;
      if (lasting === true) return `${part.name} ended: ${why}`;
      if (ends > MOST_ENDS) return `${part.name} cannot be restarted. It ended ${ends} times in a row: ${why}`;
      log(`${part.name} ended (${why}); starting it again`);
      await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (ends - 1)), stopping.signal);
      if (stopping.signal.aborted) break;
      current = part.start();
    }
    // Stopped on purpose: there is no reason.
    return new Promise<never>(() => undefined);
  };
  return {
    ready,
    failed: keep(),
    async stop() {
      stopping.abort();
      await current.stop();
    },
  };
}
