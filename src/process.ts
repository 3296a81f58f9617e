import { pino } from 'pino';
import { CHECKOUT } from './checkout.js';
import type { Settings } from './compose.js';
import { describeProblems, readConfig } from './config.js';

/** Reads the settings or ends the process with every problem listed. */
export function settingsOrExit(): Settings {
  const read = readConfig(process.env, CHECKOUT);
  if (read.ok) return read.value;
  console.error(describeProblems(read.error));
  process.exit(2);
}

export function createLog(part: string, { config }: Settings) {
  return pino({ name: `fixpoint-${part}`, level: config.logLevel, base: { pid: process.pid } });
}

/**
 * Runs a part until SIGTERM, SIGINT, or the end of the process that started it; then closes it within ten seconds. A part that was
 * started by the supervisor must not outlive it.
 */
export function runUntilStopped(close: () => Promise<void>, onStop: () => void = () => undefined): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    onStop();
    setTimeout(() => process.exit(1), 10_000).unref();
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.send?.('ready');
}
