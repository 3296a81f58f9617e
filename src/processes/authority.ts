import '../platform/private-umask.js';
import { createWake, pause } from '../platform/wake.js';
import { composeAuthority } from './compose.js';
import { watchCheckout } from './checkout.js';
import type { DecisionRow } from '../domain/move.js';
import { beginCheckpoints } from '../usecases/audit/sign-checkpoints.js';
import { judgeAdmissionRequests } from '../usecases/admission/judge/requests.js';
import { beginOrExit, createLog, runUntilStopped, settingsOrExit, traced } from './process.js';
import { rolloutsOfAuthority } from './rollouts-of-authority.js';
import { registerKey } from '../usecases/keys/register-key.js';
import { authoriseStanding } from '../usecases/decide/authorise-standing.js';
import { authoriseDecision } from '../usecases/decide/authorise-decision.js';

const settings = settingsOrExit('authority');
const log = createLog('authority', settings);
const telemetry = traced('authority', settings, log);
const say = (message: string) => log.warn(message);
const { context, rollouts, checkout, judging, checkpoints, record } = await composeAuthority(settings, say);
const checkoutWatch = await watchCheckout(settings, checkout, (message) => log.info(message));
const signing = await beginOrExit(log, () => beginCheckpoints(checkpoints));
const stopped = new AbortController();

const limitMs = settings.config.checkpointLimitMs;
const wake = createWake();
const rolloutsWake = createWake();
const requested = createWake();
const wakeAll = () => {
  wake.wake();
  rolloutsWake.wake();
  requested.wake();
};
void record.watchDecisions(wakeAll, stopped.signal);

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

/** A key that fails does not hold up the decisions; it is tried again a second later. */
async function registerKeys(): Promise<void> {
  for (const request of await context.keys.confirmed(50))
    await registerKey(context, request).catch((error: unknown) =>
      log.error({ err: error, key: request.id }, 'registering a key failed; it is tried again'),
    );
}

/** Plans of schedules that people may have approved in advance. One that fails is tried again a second later and holds up no decision. */
async function judgeStanding(): Promise<void> {
  for (const job of await context.standing.toJudge(50))
    await authoriseStanding(context, job).catch((error: unknown) =>
      log.error({ err: error, job }, 'judging a standing approval failed; it is tried again'),
    );
}

async function loop(): Promise<void> {
  while (!stopped.signal.aborted) {
    try {
      const { size, waitingMs, failing } = signing.state();
      const about = {
        checkpoint: String(size),
        checkpointWaitingMs: String(waitingMs),
        sinksFailing: failing.join(' '),
      };
      await record.heartbeats.beat('authority', String(process.pid), { kid: context.signer.kid, ...about });
      await registerKeys();
      if (limitMs === 0 || waitingMs <= limitMs) {
        for (const decision of await context.jobs.pendingDecisions(50)) await judge(decision);
        await judgeStanding();
      } else
        log.error(
          `nothing is approved: for ${waitingMs} ms the audit log has had no checkpoint that is kept everywhere`,
        );
    } catch (error) {
      log.error({ err: error }, 'decisions could not be read; it is tried again');
    }
    await wake.sleep(1000, stopped.signal);
  }
}

/** After a look at the rollouts the next one waits so many times as long: reading 500 items anew for each that ends is work for nothing. */
const REST = 4;
const LONGEST_REST_MS = 1000;

/** Runs beside the decisions about single jobs: a list of 500 plans takes a moment. */
async function carryOutRollouts(): Promise<void> {
  const own = rolloutsOfAuthority(rollouts, (about, message) => log.error(about, message));
  while (!stopped.signal.aborted) {
    const began = performance.now();
    if (limitMs === 0 || signing.state().waitingMs <= limitMs)
      await own
        .step()
        .catch((error: unknown) => log.error({ err: error }, 'rollouts could not be read; it is tried again'));
    await pause(Math.min(LONGEST_REST_MS, REST * (performance.now() - began)), stopped.signal);
    await rolloutsWake.sleep(1000, stopped.signal);
  }
}

/** Runs beside the decisions: a collector that does not answer delays no decision, unless a limit is set. */
async function signCheckpoints(): Promise<void> {
  while (!stopped.signal.aborted) {
    await signing
      .step()
      .catch((error: unknown) => log.error({ err: error }, 'no checkpoint could be made; it is tried again'));
    await pause(1000, stopped.signal);
  }
}

/** Runs beside the decisions: an engine that reads many scripts delays no decision. */
async function judgeRequests(): Promise<void> {
  while (!stopped.signal.aborted) {
    await judgeAdmissionRequests(judging).catch((error: unknown) =>
      log.error({ err: error }, 'a request for an admission could not be judged; it is tried again'),
    );
    await requested.sleep(1000, stopped.signal);
  }
}

const running = Promise.all([loop(), carryOutRollouts(), signCheckpoints(), judgeRequests()]);
log.info(`judging decisions with key ${context.signer.kid}`);
runUntilStopped(async () => {
  stopped.abort();
  await checkoutWatch.stop();
  await running;
  await signing.end().catch((error: Error) => log.warn(error.message));
  await record.close();
  await telemetry.close();
});
