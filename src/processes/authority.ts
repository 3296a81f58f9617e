import { createWake } from '../platform/wake.js';
import { composeAuthority } from './compose.js';
import type { DecisionRow } from '../domain/move.js';
import { createLog, runUntilStopped, settingsOrExit, traced } from './process.js';
import { judgeDecision } from '../usecases/decide/authorise-decision.js';

const settings = settingsOrExit();
const log = createLog('authority', settings);
const telemetry = traced('authority', settings, log);
const { context, record } = await composeAuthority(settings);
const stopped = new AbortController();

const wake = createWake();
void record.watchDecisions(() => wake.wake(), stopped.signal);

/** One that cannot be judged does not hold up those behind it. */
async function judge(decision: DecisionRow): Promise<void> {
  try {
    await judgeDecision(context, decision);
  } catch (error) {
    log.error({ err: error, decision: decision.id }, 'a decision could not be judged; it is tried again');
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
