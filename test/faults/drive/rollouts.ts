import { sha256 } from '../checker/history.js';
import { rootOf, type ListedPlan } from '../checker/plan-list.js';
import { followRollout } from '../../support/follow-rollout.js';
import { APPROVERS, request, type Wish, type World } from './jobs.js';

export interface RolloutWish {
  /** What each item is to change. */
  readonly items: readonly Wish[];
  readonly waves?: readonly { readonly size: number | string; readonly approval?: boolean }[];
  readonly budget?: { readonly failed: number };
  readonly atOnce?: number;
  /** Never `operator`, who resolves: nobody resolves what they requested. */
  readonly who?: string;
}

/** Submits a rollout until it is acknowledged. Of somebody who has too many, it waits for a place. */
export async function submitRollout(world: World, wish: RolloutWish): Promise<string | undefined> {
  const { items, who = 'operator2', ...declared } = wish;
  const { status, body } = await world.client.insist(who, 'POST', '/v1/rollouts', {
    ...{ runbook: 'ledger', reason: 'a fault run', expect: items.length },
    items: items.map((item) => {
      const { target, parameters } = request(world, item);
      return { target, parameters };
    }),
    ...declared,
  });
  return status === 201 ? (body.id as string) : undefined;
}

/** A rollout as the API shows it. */
export async function readRollout(world: World, id: string): Promise<any> {
  const { status, body } = await world.client.insist('admin', 'GET', `/v1/rollouts/${id}`);
  if (status !== 200) throw new Error(`rollout ${id} is not shown: ${status}`);
  return body;
}

/** The rollout once this holds of it, or as it is when there was no news of it for too long, or when nobody waits any more. */
export function untilRollout(world: World, id: string, holds: (rollout: any) => boolean): Promise<any> {
  const read = () => readRollout(world, id);
  const isOver = (rollout: any) => world.watch.isStopped() || holds(rollout);
  return followRollout(id, read, isOver, { ms: world.patienceMs, everyMs: 400 });
}

const isJudged = ({ decisions }: any): boolean => decisions.every(({ status }: any) => status !== 'pending');

/**
 * Approves a list as a careful person does: reads every plan, and decides about the root that they computed.
 * @returns the rollout once the decision was judged; undefined where nothing was decided
 */
export async function approveList(world: World, id: string, who: string): Promise<any> {
  const { status, body } = await world.client.insist(who, 'GET', `/v1/rollouts/${id}/plans`);
  const list = status === 200 ? (body.list as readonly ListedPlan[]) : [];
  for (const { job, plan } of list) {
    const read = await world.client.insist(who, 'GET', `/v1/jobs/${job}/plan`);
    if (read.status !== 200 || sha256(`fixpoint-plan-v1\0${read.body as string}`) !== plan) return undefined;
  }
  if (list.length === 0) return undefined;
  await world.client.insist(who, 'POST', `/v1/rollouts/${id}/decision`, {
    ...{ decision: 'approve', root: rootOf(list), reason: 'seen' },
  });
  return untilRollout(world, id, isJudged);
}

/**
 * As many people approve the list as it needs, one after the other.
 * @returns whether it was approved
 */
export async function approveByAll(world: World, id: string): Promise<boolean> {
  for (const who of APPROVERS) {
    const rollout = await approveList(world, id, who);
    if (rollout !== undefined && rollout.status !== 'open') return rollout.grant !== null;
  }
  return false;
}

/** The pauses of a rollout that nobody has ended. */
export const openPauses = ({ stops }: any): readonly any[] =>
  stops.filter(({ kind, ended }: any) => kind === 'pause' && !ended);

const BAD = ['failed', 'unknown', 'unreached'];

/**
 * A person ends these pauses.
 * @returns the rollout once that was judged
 */
export async function resume(
  world: World,
  id: string,
  who: string,
  ends: readonly string[],
  exclude: readonly number[],
): Promise<any> {
  await world.client.insist(who, 'POST', `/v1/rollouts/${id}/resume`, { ends, exclude, reason: 'looked at it' });
  return untilRollout(world, id, isJudged);
}

/** As many people as the list needed end every pause that is open, without the items that went wrong. */
export async function resumeByAll(world: World, rollout: any): Promise<void> {
  const ends = openPauses(rollout).map(({ id }) => id as string);
  const exclude = rollout.items.flatMap(({ index, status }: any) => (BAD.includes(status) ? [index] : []));
  for (const who of APPROVERS) {
    const now = await resume(world, rollout.id, who, ends, exclude);
    if (!openPauses(now).some(({ id }) => ends.includes(id))) return;
  }
}

/** Starts nothing more of a rollout: for now, until somebody resumes it, or for good. */
export async function stopRollout(world: World, id: string, kind: 'pause' | 'abort'): Promise<void> {
  await world.client.insist('operator', 'POST', `/v1/rollouts/${id}/${kind}`, { reason: 'enough' });
}
