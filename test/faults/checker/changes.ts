import { compact, sha256, type Fact } from './history.js';
import type { Ledgers, LedgerLine } from './ledgers.js';

/** A change of a plan. */
export interface Change {
  readonly id: string;
  readonly resource: string;
  readonly after: string | null;
  readonly before: string | null;
  readonly action: string;
  readonly undoes?: string;
}

/** The changes of each plan that was read, by the digest of its bytes. */
export function planBytes({ answers }: Ledgers): ReadonlyMap<string, readonly Change[]> {
  const plans = new Map<string, readonly Change[]>();
  for (const { plan } of answers) {
    if (plan === undefined) continue;
    plans.set(sha256(`fixpoint-plan-v1\0${plan}`), (JSON.parse(plan) as { changes: Change[] }).changes);
  }
  return plans;
}

/** An effect in a ledger. */
export interface Made extends LedgerLine {
  /** The jobs that may have made it: a rollback goes by the supplied values of its original, so it writes the original's id. */
  readonly by: readonly string[];
}

/** The effects of the ledgers, each with the jobs that may have made it. */
export function madeBy({ answers, lines }: Ledgers): readonly Made[] {
  const rollbacks = new Map<string, string[]>();
  for (const { path, status, job } of answers) {
    const original = /^\/v1\/jobs\/([0-9a-f-]+)\/rollback$/.exec(path)?.[1];
    if (original === undefined || status !== 201 || job === undefined) continue;
    rollbacks.set(compact(original), [...(rollbacks.get(compact(original)) ?? []), compact(job)]);
  }
  return lines
    .filter(({ word }) => word === 'effect' || word === 'undo')
    .map((line) => ({ ...line, by: [line.job, ...(line.word === 'undo' ? (rollbacks.get(line.job) ?? []) : [])] }));
}

/** Whether an effect is the one of this change, in the direction of the intent. */
export function fits(change: Change, effect: LedgerLine, intent: Fact['data']): boolean {
  if (!change.resource.endsWith(`/${effect.object}`)) return false;
  const undoing = intent.direction === 'undo';
  return (undoing ? change.before : change.after) === effect.value;
}
