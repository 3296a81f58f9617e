import type { Logger } from 'pino';
import { pause } from '../platform/wake.js';
import type { ApiContext } from '../usecases/api-context.js';
import { fireDue } from '../usecases/schedules/fire-due.js';

/** How often schedules are looked at: a firing is at most so late (milliseconds). */
const EVERY_MS = 1000;

/** Fires schedules until the signal aborts. Every API process does it; the database lets one of them have each instant. */
export async function runSchedules(
  context: ApiContext,
  log: Pick<Logger, 'error'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await fireDue(context, (schedule, error) =>
      log.error({ err: error, schedule }, 'a schedule could not be fired; it is tried again'),
    ).catch((error: unknown) => log.error({ err: error }, 'schedules could not be read; it is tried again'));
    await pause(EVERY_MS, signal);
  }
}
