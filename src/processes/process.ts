import { pino, type DestinationStream, type Logger } from 'pino';
import { startTelemetry, type Telemetry } from '../adapters/telemetry/index.js';
import { INSTALL_ROOT } from '../platform/install-root.js';
import { outputMayFail } from '../platform/output-may-fail.js';
import { SettingsFault } from '../platform/settings-fault.js';
import type { Viewer } from '../domain/production.js';
import type { Settings } from './compose.js';
import { describeProblems, folderProblems, readConfig, type ConfigProblem } from './config.js';
import { asConfigProblem, problemsOfProduction } from './production.js';
import { logFields } from '../platform/spans.js';

/**
 * Reads the settings or ends the process with code 2 and every problem listed.
 * @param viewer as what the process runs: in production its set-up must be safe for that. Absent: a command that starts no part
 */
export function settingsOrExit(viewer?: Viewer): Settings {
  const read = readConfig(process.env, INSTALL_ROOT);
  const problems = read.ok ? setUpProblems(read.value, viewer) : read.error;
  if (read.ok && problems.length === 0) return read.value;
  console.error(describeProblems(problems));
  process.exit(2);
}

function setUpProblems(settings: Settings, viewer: Viewer | undefined): readonly ConfigProblem[] {
  return [
    // The supervisor of a part has looked at the folders.
    ...(process.send === undefined ? folderProblems(settings.config) : []),
    ...(viewer === undefined ? [] : problemsOfProduction(viewer, settings).map(asConfigProblem)),
  ];
}

/** Begins the work of a process. A fault of the installation ends it with code 2, so that nobody starts it again and again. */
export async function beginOrExit<T>(log: Logger, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin();
  } catch (error) {
    if (!(error instanceof SettingsFault)) throw error;
    log.fatal(error.message);
    process.exit(2);
  }
}

/**
 * The log of a process: one JSON object a line, with the ids of the trace, the job and the change that it is about. It uses
 * process.stdout: pino's own destination retries for ever at exit when the reader of the pipe is gone, and the process never ends
 * (measured with pino 10.4, sonic-boom 4.2).
 */
export function createLog(part: string, { config }: Settings, to: DestinationStream = process.stdout): Logger {
  if (to === process.stdout) outputMayFail();
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
    // A close that hangs must not keep the process: the supervisor waits this long and no longer.
    setTimeout(() => process.exit(1), withinMs).unref();
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  // The parent ended while this process started: no 'disconnect' event will follow.
  if (process.send !== undefined && !process.connected) return stop();
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.send?.('ready');
}
