import { pino, type DestinationStream, type Logger } from 'pino';
import { startTelemetry, type Telemetry } from '../adapters/telemetry/index.js';
import { INSTALL_ROOT } from '../platform/install-root.js';
import type { Settings } from './compose.js';
import { describeProblems, readConfig } from './config.js';
import { logFields } from '../platform/spans.js';

/** Reads the settings or ends the process with every problem listed. */
export function settingsOrExit(): Settings {
  const read = readConfig(process.env, INSTALL_ROOT);
  if (read.ok) return read.value;
  console.error(describeProblems(read.error));
  process.exit(2);
}

/**
 * The log of a part: one JSON object a line, with the ids of the trace, the job and the change that it is about. It goes to the
 * process's own stdout, not to pino's: at the end of a process that one tries to write what is left for ever, where whoever read
 * it is gone (measured with pino 10.4, sonic-boom 4.2), and the process never ends.
 */
export function createLog(part: string, { config }: Settings, to: DestinationStream = process.stdout): Logger {
  if (to === process.stdout) process.stdout.on('error', () => undefined);
  const options = { name: `fixpoint-${part}`, level: config.logLevel, base: { pid: process.pid }, mixin: logFields };
  return pino(options, to);
}

/** Traces of a part; each span that ended is a line of the log too: work on jobs and changes at `info`, the rest at `debug`. */
export function traced(part: string, { config }: Settings, log: Logger): Telemetry {
  return startTelemetry({
    service: part,
    ...(config.tracesUrl === undefined ? {} : { endpoint: config.tracesUrl }),
    log: (message) => log.warn(message),
    onSpan(span) {
      const level = /^(job|change)\./.test(span.span) ? 'info' : 'debug';
      log[level](span, `${span.span}${span.failed === undefined ? '' : `: ${span.failed}`}`);
    },
  });
}

/**
 * Runs a part until SIGTERM, SIGINT, or the end of the process that started it; then closes it within the time given. A part that was
 * started by the supervisor must not outlive it.
 */
export function runUntilStopped(close: () => Promise<void>, withinMs = 10_000): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), withinMs).unref();
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  // Whoever started this part was gone before it was up: nobody will say so again.
  if (process.send !== undefined && !process.connected) return stop();
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.send?.('ready');
}
