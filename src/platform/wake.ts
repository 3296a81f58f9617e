/** A sleep that a call of `wake` ends: for loops that look from time to time and are notified in between. */
export interface Wake {
  /** Ends the sleep now, or the next one before it begins. */
  wake(): void;
  /** Resolves after so many milliseconds, at the next `wake`, or when the signal aborts. True where it was the time. */
  sleep(ms: number, signal?: AbortSignal): Promise<boolean>;
}

export function createWake(): Wake {
  let woken = false;
  let end: ((timedOut: boolean) => void) | undefined;
  return {
    wake() {
      woken = true;
      end?.(false);
    },
    sleep(ms, signal) {
      if (woken || signal?.aborted) {
        woken = false;
        return Promise.resolve(false);
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => done(true), ms);
        const aborted = () => done(false);
        const done = (timedOut: boolean) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', aborted);
          end = undefined;
          woken = false;
          resolve(timedOut);
        };
        end = done;
        signal?.addEventListener('abort', aborted, { once: true });
      });
    },
  };
}

/** Resolves after so many milliseconds, or when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return createWake()
    .sleep(ms, signal)
    .then(() => undefined);
}
