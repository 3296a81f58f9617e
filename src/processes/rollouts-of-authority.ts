import type { RolloutDecision } from '../ports/rollouts.js';
import type { RolloutAuthority } from '../usecases/rollouts/authority/context.js';
import { driveRollouts } from '../usecases/rollouts/authority/drive.js';
import { judgeRolloutDecision } from '../usecases/rollouts/authority/judge.js';

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;
const MOST_DECISIONS = 20;

/** The part of `authority` that judges decisions about rollouts and starts their items. `failed` logs what is tried again. */
export function rolloutsOfAuthority(context: RolloutAuthority, failed: (about: object, message: string) => void) {
  /** Decisions that failed in this process: how often, and when each is tried again on a clock that never jumps (milliseconds). */
  const later = new Map<string, { readonly times: number; readonly at: number }>();

  async function judge(decision: RolloutDecision): Promise<void> {
    const { times: before, at } = later.get(decision.id) ?? { times: 0, at: 0 };
    if (performance.now() < at) return;
    try {
      await judgeRolloutDecision(context, decision);
      later.delete(decision.id);
    } catch (error) {
      const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** before);
      later.set(decision.id, { times: before + 1, at: performance.now() + delayMs });
      failed(
        { err: error, decision: decision.id, delayMs },
        'a decision about a rollout could not be judged; retrying',
      );
    }
  }

  return {
    /** Judges what waits, then brings every rollout a step further. A decision that fails holds up no other. */
    async step(): Promise<void> {
      for (const decision of await context.rollouts.pendingDecisions(MOST_DECISIONS)) await judge(decision);
      await driveRollouts(context, (rollout, error) =>
        failed({ err: error, rollout }, 'a rollout could not be brought further; it is tried again'),
      );
    },
  };
}
