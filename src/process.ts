import { pino, type DestinationStream, type Logger } from 'pino';
import { startTelemetry, type Telemetry } from './adapters/telemetry/index.js';
import { CHECKOUT } from './checkout.js';
import type { Settings } from './compose.js';
import { describeProblems, readConfig } from './config.js';
import { logFields } from './usecases/spans.js';

/** Reads the settings or ends the process with every problem listed. */
export function settingsOrExit(): Settings {
  const read = readConfig(process.env, CHECKOUT);
  if (read.ok) return read.value;
  console.error(describeProblems(read.error));
  process.exit(2);
}

/** The log of a part: one JSON object a line, with the ids of the trace, the job and the change that it is about. */
export function createLog(part: string, { config }: Settings, to?: DestinationStream): Logger {
  const options = { name: `fixpoint-${part}`, level: config.logLevel, base: { pid: process.pid }, mixin: logFields };
  return to ? pino(options, to) : pino(options);
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
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.send?.('ready');
}
