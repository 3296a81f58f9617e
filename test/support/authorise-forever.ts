import { createWake } from '../../src/platform/wake.js';
import { rolloutsOfAuthority } from '../../src/processes/rollouts-of-authority.js';
import type { composeAuthority } from '../../src/processes/compose.js';
import { judgeAdmissionRequests } from '../../src/usecases/admission/judge/requests.js';
import { registerKey } from '../../src/usecases/keys/register-key.js';
import { authoriseStanding } from '../../src/usecases/decide/authorise-standing.js';
import { authoriseDecision } from '../../src/usecases/decide/authorise-decision.js';

/** Plans of schedules and the items of a rollout nudge nobody: the process looks each second, a test does not wait as long. */
const LOOK_MS = 200;

/**
 * What the process `authority` does, in this process.
 * @param failed told of what fails, as the process logs it and tries again; without it the first failure ends the loop
 */
export async function authoriseForever(
  { context, judging, rollouts, record }: Awaited<ReturnType<typeof composeAuthority>>,
  signal: AbortSignal,
  failed?: (error: unknown) => void,
): Promise<void> {
  const tried = (work: Promise<void>) => (failed ? work.catch(failed) : work);
  const judge = async () => {
    await judgeAdmissionRequests(judging);
    for (const request of await context.keys.confirmed(50)) await tried(registerKey(context, request));
    for (const decision of await context.jobs.pendingDecisions(50)) await tried(authoriseDecision(context, decision));
    for (const job of await context.standing.toJudge(50)) await tried(authoriseStanding(context, job));
  };
  const own = rolloutsOfAuthority(rollouts, ({ err }: { readonly err?: unknown }) => {
    if (!failed) throw err;
    failed(err);
  });
  const wake = createWake();
  void record.watchDecisions(() => wake.wake(), signal);
  while (!signal.aborted) {
    await tried(judge());
    await tried(own.step());
    await wake.sleep(LOOK_MS, signal);
  }
}
