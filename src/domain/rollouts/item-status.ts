import type { State } from '../job.js';

/**
 * Where an item of the list is.
 * `ready`: may be started. `left-out`: was never started and never will be. `started`: granted and not ended. `fixed`: proved by a fresh Detect
 * and Plan after our change. `already-fine`: ended well without a change of ours. `failed`, `unknown`, `unreached`: count against the budget.
 */
export type ItemStatus =
  'ready' | 'left-out' | 'started' | 'fixed' | 'already-fine' | 'failed' | 'unknown' | 'unreached';

/** What is known of an item, each fact from where it can be trusted. */
export interface ItemFacts {
  readonly state: State;
  readonly outcome?: 'fixed' | 'already-fine';
  readonly code?: string;
  readonly partial: boolean;
  /** The plan that the job has now is the one of the list. */
  readonly planListed: boolean;
  /** A child grant was signed for it. */
  readonly granted: boolean;
  /** A person took it out before it was started. */
  readonly excluded: boolean;
  /** The log has the event of its end by the role that writes such events. Without it no success counts. */
  readonly endLogged: boolean;
}

/** An item that was granted: by the state of its job. */
const GRANTED: Readonly<Record<State, ItemStatus>> = {
  queued: 'started',
  running: 'started',
  waiting: 'started',
  'rolling-back': 'started',
  // Its grant holds until it ends: it may start at any time.
  deferred: 'started',
  unknown: 'unknown',
  'needs-attention': 'unknown',
  succeeded: 'fixed',
  failed: 'failed',
  'rolled-back': 'failed',
  'rollback-failed': 'failed',
  blocked: 'failed',
  // It drifted: the new plan is not in the list.
  'awaiting-approval': 'failed',
  rejected: 'failed',
  superseded: 'failed',
  expired: 'unreached',
  cancelled: 'left-out',
  // No grant leads there: a row that says so is not believed.
  planning: 'unknown',
  compliant: 'unknown',
  drifted: 'unknown',
};

/** Where an item is, by nothing but these facts. What they leave open counts as the worse. */
export function statusOf(item: ItemFacts): ItemStatus {
  if (!item.granted) {
    const startable = item.state === 'awaiting-approval' && item.planListed && !item.excluded;
    return startable ? 'ready' : 'left-out';
  }
  const status = couldNotBeReached(item) ? 'unreached' : wasHeldBack(item) ? 'left-out' : GRANTED[item.state];
  if (status === 'fixed') return item.endLogged ? succeeded(item) : 'unknown';
  // It drifted, and was cancelled before anybody looked at the new plan: the drift counts.
  if (item.state === 'cancelled' && !item.planListed) return 'failed';
  // Ended with some of its changes made and not the others.
  if (item.partial && (status === 'left-out' || status === 'unreached')) return 'failed';
  // The first grant of a job moves it out of the state in which it waits for a decision: a drift brings it back there.
  if (item.state === 'awaiting-approval' && item.planListed) return 'unknown';
  return status;
}

/** It was put off until its deadline: nothing was done, and nothing is wrong with the fix. */
const couldNotBeReached = ({ state, code }: ItemFacts): boolean => state === 'blocked' && code === 'deferral-expired';

/** Its grant ended while somebody held the rollout: that says nothing about its target. */
const wasHeldBack = ({ state, code }: ItemFacts): boolean => state === 'expired' && code === 'rollout-held';

const succeeded = ({ outcome }: ItemFacts): ItemStatus => (outcome === 'fixed' ? 'fixed' : 'already-fine');

/** Whether something may still start or change by itself. `running`: its job can act without a person. */
export function isExposed(status: ItemStatus, { state }: Pick<ItemFacts, 'state'>): boolean {
  return status === 'started' || (status === 'unknown' && state !== 'needs-attention');
}
