import { createWake } from '../platform/wake.js';
import { composeAuthority } from './compose.js';
import type { DecisionRow } from '../domain/move.js';
import { createLog, runUntilStopped, settingsOrExit, traced } from './process.js';
import { authoriseDecision } from '../usecases/decide/authorise-decision.js';

const settings = settingsOrExit();
const log = createLog('authority', settings);
const telemetry = traced('authority', settings, log);
const { context, record } = await composeAuthority(settings);
const stopped = new AbortController();

const wake = createWake();
void record.watchDecisions(() => wake.wake(), stopped.signal);

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;
/** Decisions that failed in this process: how often, and when each is tried again on a clock that never jumps (milliseconds). */
const failed = new Map<string, { readonly times: number; readonly at: number }>();

/** A decision that fails does not hold up those behind it; it is retried after 1 s, then half as often each time, at least once a minute. */
async function judge(decision: DecisionRow): Promise<void> {
  const { times: before, at } = failed.get(decision.id) ?? { times: 0, at: 0 };
  if (performance.now() < at) return;
  try {
    await authoriseDecision(context, decision);
    failed.delete(decision.id);
  } catch (error) {
    const times = before + 1;
    const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** before);
    failed.set(decision.id, { times, at: performance.now() + delayMs });
    log.error({ err: error, decision: decision.id, times, delayMs }, 'authorising a decision failed; retrying');
  }
}

async function loop(): Promise<void> {
  while (!stopped.signal.aborted) {
    try {
      await record.heartbeats.beat('authority', String(process.pid), { kid: context.signer.kid });
      for (const decision of await context.jobs.pendingDecisions(50)) await judge(decision);
    } catch (error) {
      log.error({ err: error }, 'decisions could not be read; it is tried again');
    }
    await wake.sleep(1000, stopped.signal);
  }
}

const running = loop();
log.info(`judging decisions with key ${context.signer.kid}`);
runUntilStopped(async () => {
  stopped.abort();
  await running;
  await record.close();
  await telemetry.close();
});
