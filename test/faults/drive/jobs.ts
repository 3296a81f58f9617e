import { compact, sha256 } from '../checker/history.js';
import { ENDS } from '../checker/lost.js';
import { readLedgers } from '../checker/collect.js';
import { sleep, type Dice } from '../rig/folders.js';
import { createPatience } from '../../support/patience.js';
import type { Client } from './client.js';
import type { Watch } from './watch.js';

export interface World {
  readonly client: Client;
  readonly watch: Watch;
  readonly ledgers: string;
  readonly dice: Dice;
  /** Makes values and objects of a run its own. */
  readonly counter: { n: number };
  /** How long something may be without news before nobody waits for it any more (ms). */
  readonly patienceMs: number;
}

export const RESTS = [...ENDS, 'needs-attention'];
/** Where a job may stay when nobody does anything any more. */
export const QUIET = [...RESTS, 'awaiting-approval'];
/** How long a life waits for what makes it more interesting; no verdict hangs on it (ms without news of the job). */
export const SCENERY_MS = 60_000;
export const APPROVERS = ['approver', 'approver2', 'both'];

export interface Wish {
  readonly action: 'set' | 'send' | 'set-risky';
  readonly objects: readonly string[];
  readonly holdMs?: number;
  readonly refuse?: string;
  readonly who?: string;
  readonly value?: string;
  readonly supersedes?: string;
  readonly target?: string;
  readonly runbook?: string;
}

export function newName(world: World, prefix: string): string {
  world.counter.n += 1;
  return `${prefix}${world.counter.n}`;
}

export function request(world: World, wish: Wish): Record<string, unknown> {
  const {
    action,
    objects,
    holdMs = 0,
    refuse,
    supersedes,
    target = 'box',
    runbook = 'ledger',
    value = newName(world, 'v'),
  } = wish;
  const parameters = {
    directory: world.ledgers,
    objects,
    value,
    action,
    holdMs,
    ...(refuse === undefined ? {} : { refuse }),
  };
  return {
    runbook,
    target,
    parameters,
    reason: 'a fault run',
    ...(supersedes === undefined ? {} : { supersedes }),
  };
}

/** Submits until it is acknowledged. */
export async function submit(world: World, wish: Wish): Promise<string | undefined> {
  const { status, body } = await world.client.insist(wish.who ?? 'helpdesk', 'POST', '/v1/jobs', request(world, wish));
  return status === 201 ? (body.id as string) : undefined;
}

/** Decides as a careful person does: about the bytes that they read, by the digest that they computed. */
export async function decide(
  world: World,
  id: string,
  who: string,
  more: Record<string, unknown> = {},
  decision: 'approve' | 'reject' = 'approve',
) {
  const { status, body } = await world.client.insist(who, 'GET', `/v1/jobs/${id}/plan`);
  if (status !== 200) return { status, body };
  const planDigest = sha256(`fixpoint-plan-v1\0${body as string}`);
  return world.client.insist(who, 'POST', `/v1/jobs/${id}/decision`, { decision, planDigest, reason: 'seen', ...more });
}

/**
 * Approves whatever this job waits for, again after a drift, until it rests or there was no news of it for too long. A job that needs
 * a person gets one who looked.
 */
export async function seeThrough(
  world: World,
  id: string,
  more: Record<string, unknown> = {},
  approvers: readonly string[] = [world.dice.pick(APPROVERS)],
): Promise<string> {
  const patience = createPatience(`job ${id}`);
  while (!world.watch.isStopped()) {
    const job = await world.watch.until(id, ['awaiting-approval', ...RESTS]);
    // Decisions that change nothing are not made for ever.
    if (!job || patience.isOver(`${job.state} ${job.code}`)) break;
    if (job.state === 'needs-attention') {
      await resolve(world, id);
      return job.state;
    }
    if (job.state !== 'awaiting-approval') return job.state;
    for (const who of approvers) await decide(world, id, who, more);
    await sleep(200);
  }
  return world.watch.seen(id)?.state ?? 'unseen';
}

/** A person looks at the target's ledger and says what is there. */
export async function resolve(world: World, id: string): Promise<void> {
  const made = readLedgers(world.ledgers).some(({ word, job }) => word === 'effect' && job === compact(id));
  const body = { resolution: made ? 'in-place' : 'not-in-place', reason: 'looked at the ledger' };
  await world.client.insist('operator', 'POST', `/v1/jobs/${id}/resolve`, body);
}
