import type { Fact } from './history.js';
import { isAcknowledged, type ApiAnswer, type Ledgers } from './ledgers.js';

/** Where a rollout may rest: at its end, or with a person. */
const RESTS = ['ended', 'paused', 'open'];

/** What the log says of a request about a rollout, by the last part of its path. */
const FACTS: Readonly<Record<string, readonly string[]>> = {
  decision: ['rollout.decided', 'rollout.rejected', 'rollout.decision-refused'],
  resume: ['rollout.decided', 'rollout.decision-refused'],
  pause: ['rollout.paused'],
  abort: ['rollout.abort-requested'],
  exclude: ['rollout.excluded'],
};

/** Every acknowledged request about a rollout has its facts in the log; every rollout is there with all its items and has come to rest. */
export function findLostRollouts(ledgers: Ledgers, facts: readonly Fact[]): string[] {
  const { answers, rollouts } = ledgers;
  const has = (rollout: string, actions: readonly string[], by: string) =>
    facts.some(({ action, data, actor }) => actions.includes(action) && data.rollout === rollout && actor === by);
  const lost: string[] = [];
  for (const answer of answers) {
    const { path, who, job: id = '' } = answer;
    if (!isAcknowledged(answer) || !path.startsWith('/v1/rollouts')) continue;
    const step = path.slice(path.lastIndexOf('/') + 1);
    if (step === 'rollouts') lost.push(...submissionProblems(ledgers, answer, facts));
    const actions = FACTS[step];
    if (actions && !has(id, actions, who)) lost.push(`the ${step} of ${who} on rollout ${id} is not in the log`);
  }
  for (const { id, status, state } of rollouts) {
    if (status === 200 && !RESTS.includes(state)) lost.push(`rollout ${id} is ${state} and goes nowhere`);
  }
  return lost;
}

/** Of a rollout that was acknowledged: itself, and each of the items that were asked for. */
function submissionProblems({ rollouts, jobs }: Ledgers, answer: ApiAnswer, facts: readonly Fact[]): string[] {
  const { who, job: id = '', request } = answer;
  const isLogged = facts.some(
    ({ action, data, actor }) => action === 'rollout.submitted' && data.rollout === id && actor === who,
  );
  if (!isLogged) return [`rollout ${id} was acknowledged and is not in the log`];
  const shown = rollouts.find((rollout) => rollout.id === id);
  if (shown?.status !== 200) return [`rollout ${id} is not there`];
  const asked = (request as { readonly items?: readonly unknown[] } | undefined)?.items?.length ?? 0;
  if (shown.items.length < asked) return [`rollout ${id} has ${shown.items.length} of its ${asked} items`];
  return shown.items.flatMap(({ job }) => [
    ...(jobs.some((one) => one.id === job && one.status === 200) ? [] : [`job ${job} of rollout ${id} is not there`]),
    ...(facts.some((fact) => fact.action === 'job.submitted' && fact.job === job && fact.actor === who)
      ? []
      : [`job ${job} of rollout ${id} is not in the log`]),
  ]);
}
