import { operationsOf } from './document.js';
import type { Draft } from './draft.js';
import { faultOf, judgeBy } from './judge.js';
import { draftOf, pairsOf, stepsOf, type Step } from './plan.js';
import { reproduction } from './reproduction.js';
import { send, type Outcome } from './wire.js';
import { refresh, type World } from './world.js';

/** Requests that are under way at the same time. */
const AT_ONCE = 8;
/** After how many rounds of them it is looked again at what is there. */
const ROUNDS = 6;

/** Kinds of faults after which a run ends: more than a person reads. */
const MOST_FAULTS = 20;

/** Answers by operation: how many of each status. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Run {
  /** Plays the requests from one number to another, the last one not included; not beyond `MOST_FAULTS`. */
  play(from: number, to: number): Promise<void>;
  /** What was not as documented, one text for each kind of fault. */
  readonly faults: readonly string[];
  readonly counts: Counts;
  /** Which changes to which operations are not among the first so many requests. */
  unplayed(requests: number): readonly string[];
  readonly played: number;
}

/**
 * A run of requests that the document and a seed determine.
 * @param hangsMs after how many milliseconds without an answer or an end a request hangs; a quarter of an hour where it is not given
 */
export function createRun(world: World, seed: number, hangsMs?: number): Run {
  const operations = operationsOf(world.document);
  const judge = judgeBy(world.document, operations);
  const stepAt = stepsOf(seed, operations);
  const counts: Record<string, Record<string, number>> = Object.fromEntries(operations.map(({ name }) => [name, {}]));
  const faults = new Map<string, string>();
  let played = 0;
  let rounds = 0;

  async function round(steps: readonly Step[]): Promise<void> {
    if (rounds++ % ROUNDS === 0) await refresh(world);
    const sent = steps.map((step) => ({ step, draft: draftOf(seed, step, world) }));
    const outcomes = await Promise.all(
      sent.map(async (one) => ({ ...one, outcome: await send(world.port, one.draft, hangsMs) })),
    );
    for (const { step, draft, outcome } of outcomes) {
      played += 1;
      count(step, draft, outcome);
      const fault = faultOf(judge, step.mutation, draft, outcome);
      const kind = `${step.mutation?.name}: ${fault?.replace(/\n[^]*/, '')}`;
      if (fault !== undefined && !faults.has(kind))
        faults.set(kind, await reproduction(world, { seed, step, draft, fault, judge, hangsMs }));
    }
    const logged = world.logged.splice(0).join('\n');
    const among = `the requests ${steps[0]?.n} to ${steps.at(-1)?.n} of seed ${seed}`;
    if (logged !== '') faults.set(logged, `an error in the log during ${among}: ${logged}`);
    if (outcomes.some(({ draft, outcome }) => draft.path === '/v1/freeze' && statusOf(outcome) === '200'))
      await world.product.call('operator', 'DELETE', '/v1/freeze');
  }

  function count({ operation, mutation }: Step, draft: Draft, outcome: Outcome): void {
    // Another method or address is not an answer of this operation.
    if (draft.method !== operation.method || mutation?.name.startsWith('path:') === true) return;
    const of = (counts[operation.name] ??= {});
    of[statusOf(outcome)] = (of[statusOf(outcome)] ?? 0) + 1;
  }

  return {
    async play(from, to) {
      for (let n = from; n < to && faults.size < MOST_FAULTS; n += AT_ONCE)
        await round(Array.from({ length: Math.min(AT_ONCE, to - n) }, (_, i) => stepAt(n + i)));
    },
    counts,
    unplayed(requests) {
      const nameOf = ({ operation, mutation }: Omit<Step, 'n'>) => `${operation.name}: ${mutation?.name}`;
      const played = new Set(Array.from({ length: requests }, (_, n) => nameOf(stepAt(n))));
      return pairsOf(operations)
        .map(nameOf)
        .filter((name) => !played.has(name));
    },
    get faults() {
      return [...faults.values()];
    },
    get played() {
      return played;
    },
  };
}

const statusOf = (outcome: Outcome): string =>
  outcome.kind === 'answer' ? String(outcome.answer.status) : outcome.kind;

/** Operations that never succeeded, or were never refused. */
export function uncovered(counts: Counts): readonly string[] {
  return Object.entries(counts).flatMap(([name, statuses]) => {
    const has = (first: string) => Object.keys(statuses).some((status) => status.startsWith(first));
    return [...(has('2') ? [] : [`${name}: no success`]), ...(has('4') ? [] : [`${name}: no refusal`])];
  });
}
