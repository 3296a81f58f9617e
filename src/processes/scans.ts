import type { Logger } from 'pino';
import { pause } from '../platform/wake.js';
import type { ApiContext } from '../usecases/api-context.js';
import { endScans } from '../usecases/scans/end-scans.js';

/** How often scans are looked at: the end of one is noticed so late at most (milliseconds). */
const EVERY_MS = 1000;

/** Ends scans until the signal aborts. Every API process does it; the database lets one of them end each scan. */
export async function runScans(
  context: Pick<ApiContext, 'scans' | 'newId'>,
  log: Pick<Logger, 'error'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await endScans(context).catch((error: unknown) =>
      log.error({ err: error }, 'scans could not be ended; it is tried again'),
    );
    await pause(EVERY_MS, signal);
  }
}
