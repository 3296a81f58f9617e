import { composeAuthority } from './compose.js';
import { createLog, runUntilStopped, settingsOrExit, traced } from './process.js';
import { judgeDecision } from './usecases/judge-decision.js';

const settings = settingsOrExit();
const log = createLog('authority', settings);
const telemetry = traced('authority', settings, log);
const { context, record } = await composeAuthority(settings);
const stopped = new AbortController();

let wake: () => void = () => undefined;
void record.watchDecisions(() => wake(), stopped.signal);

async function loop(): Promise<void> {
  while (!stopped.signal.aborted) {
    try {
      await record.heartbeats.beat('authority', String(process.pid), { kid: context.signer.kid });
      for (const decision of await context.jobs.pendingDecisions(50)) await judgeDecision(context, decision);
    } catch (error) {
      log.error({ err: error }, 'a decision could not be judged; it is tried again');
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1000);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const running = loop();
log.info(`judging decisions with key ${context.signer.kid}`);
runUntilStopped(async () => {
  stopped.abort();
  wake();
  await running;
  await record.close();
  await telemetry.close();
});
