import { warn } from './say.js';

/** Resolves when this process gets SIGINT or SIGTERM. */
export function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve(undefined));
    process.once('SIGTERM', () => resolve(undefined));
  });
}

/** Waits for a stop signal, or for a part that could not be kept up: then the exit code is 1 and the reason is printed. */
export async function untilStopped(failed: Promise<string>, stopped = stopSignal()): Promise<void> {
  const why = await Promise.race([stopped, failed]);
  if (why !== undefined) {
    warn(`Stopping: ${why}`);
    process.exitCode = 1;
  } else console.log('\nStopping …');
}
