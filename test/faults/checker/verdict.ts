import { madeBy, planBytes } from './changes.js';
import { readChain, readGrants } from './history.js';
import { isAcknowledged, type Ledgers } from './ledgers.js';
import { findLost, RESTS } from './lost.js';
import { findLostRollouts } from './lost-rollouts.js';
import { findOverlaps } from './overlaps.js';
import { progressAfterKills } from './progress.js';
import { findRepeats } from './repeats.js';
import { judgeRollouts } from './rollouts.js';
import { findUnapproved } from './unapproved.js';
import { findUntrue } from './untrue.js';

export interface Verdict {
  /** Requests that change something and were answered with success. */
  readonly acknowledged: number;
  readonly lost: number;
  readonly unapproved: number;
  readonly repeats: number;
  readonly untrue: number;
  readonly overlaps: number;
  readonly chainBreaks: number;
  readonly unknownReconciled: number;
  readonly unknownLeft: number;
  readonly jobs: number;
  readonly effects: number;
  /** Seconds from a kill until a job that was in flight shows its next event; 99th percentile. */
  readonly progressP99: number;
  readonly ok: boolean;
  readonly problems: readonly string[];
}

/**
 * Judges a run by its ledgers alone: what the API acknowledged, what the targets saw, what the audit log says. It knows the
 * documented formats and nothing of the product's inside.
 */
export function judge(ledgers: Ledgers): Verdict {
  const { facts, breaks } = readChain(ledgers.audit);
  const { grants, invalid } = readGrants(facts, ledgers);
  const plans = planBytes(ledgers);
  const effects = madeBy(ledgers);
  const rollouts = judgeRollouts(ledgers, facts, grants, effects);
  const lost = [...findLost(ledgers, facts), ...findLostRollouts(ledgers, facts)];
  const unapproved = [...invalid, ...findUnapproved(effects, facts, grants, plans), ...rollouts.unapproved];
  const repeats = findRepeats(effects, facts, plans);
  const untrue = [...findUntrue(ledgers, effects, facts, plans), ...rollouts.untrue];
  const overlaps = findOverlaps(ledgers.lines);
  const unknown = new Set(facts.filter(({ action }) => action === 'job.unknown').map(({ job }) => job));
  const left = ledgers.jobs.filter(({ id, state }) => unknown.has(id) && !RESTS.includes(state));
  const all = [lost, unapproved, repeats, untrue, overlaps, breaks];
  return {
    acknowledged: ledgers.answers.filter(isAcknowledged).length,
    lost: lost.length,
    unapproved: unapproved.length,
    repeats: repeats.length,
    untrue: untrue.length,
    overlaps: overlaps.length,
    chainBreaks: breaks.length,
    unknownReconciled: unknown.size - left.length,
    unknownLeft: left.length,
    jobs: ledgers.jobs.length,
    effects: effects.length,
    progressP99: progressAfterKills(facts, ledgers.kills),
    ok: all.every((list) => list.length === 0) && left.length === 0,
    problems: all.flat(),
  };
}
