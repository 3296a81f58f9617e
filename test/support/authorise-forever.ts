import type { composeAuthority } from '../../src/processes/compose.js';
import { judgeAdmissionRequests } from '../../src/usecases/admission/judge/requests.js';
import { registerKey } from '../../src/usecases/keys/register-key.js';
import { authoriseDecision } from '../../src/usecases/decide/authorise-decision.js';

/** What the process `authority` does, in this process. */
export async function authoriseForever(
  { context, judging }: Awaited<ReturnType<typeof composeAuthority>>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await judgeAdmissionRequests(judging);
    for (const request of await context.keys.confirmed(50)) await registerKey(context, request);
    for (const decision of await context.jobs.pendingDecisions(50)) await authoriseDecision(context, decision);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
