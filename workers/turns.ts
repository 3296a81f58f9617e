/** Work in parallel, except what must be alone: it waits for what runs, and what comes later waits for it. */
export function createTurns() {
  let running = 0;
  let alone: Promise<void> | undefined;
  let onIdle: () => void = () => undefined;
  const started = () => (running += 1);
  const ended = () => {
    running -= 1;
    if (running === 0) onIdle();
  };
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    started();
    try {
      return await work();
    } finally {
      ended();
    }
  };
  return {
    async together<T>(work: () => Promise<T>): Promise<T> {
      while (alone) await alone;
      return run(work);
    },
    async alone<T>(work: () => Promise<T>): Promise<T> {
      while (alone) await alone;
      let release: () => void = () => undefined;
      alone = new Promise((resolve) => (release = resolve));
      try {
        if (running > 0) await new Promise<void>((resolve) => (onIdle = resolve));
        return await run(work);
      } finally {
        alone = undefined;
        release();
      }
    },
  };
}
