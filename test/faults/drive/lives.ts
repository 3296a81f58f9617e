import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compact, sha256 } from '../checker/history.js';
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
}

export const ENDS = [
  'compliant',
  'drifted',
  'succeeded',
  'failed',
  'rolled-back',
  'rollback-failed',
  'rejected',
  'expired',
  'superseded',
  'cancelled',
  'blocked',
];
export const RESTS = [...ENDS, 'needs-attention'];
/** Where a job may stay when nobody does anything any more. */
export const QUIET = [...RESTS, 'awaiting-approval'];
/** How long a life waits for what makes it more interesting; no verdict hangs on it (ms without news of the job). */
export const SCENERY_MS = 60_000;
const APPROVERS = ['approver', 'approver2', 'both'];

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
async function resolve(world: World, id: string): Promise<void> {
  const made = readLedgers(world.ledgers).some(({ word, job }) => word === 'effect' && job === compact(id));
  const body = { resolution: made ? 'in-place' : 'not-in-place', reason: 'looked at the ledger' };
  await world.client.insist('operator', 'POST', `/v1/jobs/${id}/resolve`, body);
}

export type Life = (world: World) => Promise<unknown>;

const objects = (world: World, most: number): string[] => {
  const count = 1 + world.dice.below(most);
  return [...new Set(Array.from({ length: count }, () => `o${world.dice.below(40)}`))];
};
const hold = (world: World) => world.dice.pick([0, 0, 50, 400]);
/** Also the pause of a person: between nothing and the middle of things. */
const whenever = (world: World) => sleep(world.dice.below(1500));

/** What people do, by name; the generator draws from these. */
export const LIVES: Readonly<Record<string, Life>> = {
  async set(world) {
    const id = await submit(world, { action: 'set', objects: objects(world, 3), holdMs: hold(world) });
    if (id) await seeThrough(world, id);
  },
  async send(world) {
    const id = await submit(world, {
      action: 'send',
      objects: [newName(world, 's'), newName(world, 's')],
      holdMs: hold(world),
    });
    if (id) await seeThrough(world, id);
  },
  async risky(world) {
    const id = await submit(world, { action: 'set-risky', objects: objects(world, 2) });
    if (id) await seeThrough(world, id, {}, ['approver', 'approver2']);
  },
  async contended(world) {
    const id = await submit(world, { action: 'set', objects: ['hot'], holdMs: 100 });
    if (id) await seeThrough(world, id);
  },
  async rejected(world) {
    const id = await submit(world, { action: 'set', objects: objects(world, 2) });
    if (id && (await world.watch.until(id, ['awaiting-approval', ...RESTS])))
      await decide(world, id, 'approver', {}, 'reject');
    if (id) await world.watch.until(id, RESTS, SCENERY_MS);
  },
  async cancelled(world) {
    const id = await submit(world, { action: 'set', objects: objects(world, 3), holdMs: 300 });
    if (!id) return;
    const living = seeThrough(world, id);
    await whenever(world);
    await world.client.insist('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'changed my mind' });
    await living;
  },
  async refused(world) {
    const names = [newName(world, 'r'), newName(world, 'r')];
    const id = await submit(world, { action: 'set', objects: names, refuse: names[1] as string });
    if (id) await seeThrough(world, id, { onFailure: world.dice.pick(['leave', 'rollback']) });
  },
  async deferred(world) {
    const value = newName(world, 'v');
    const closed = join(world.ledgers, `closed-${value}`);
    writeFileSync(closed, '');
    const id = await submit(world, { action: 'set', objects: objects(world, 2), value });
    if (id) await world.watch.until(id, ['deferred', ...RESTS], SCENERY_MS);
    rmSync(closed);
    if (id && (await world.watch.until(id, ['awaiting-approval', ...RESTS]))) {
      writeFileSync(closed, '');
      await decide(world, id, 'approver');
      await world.watch.until(id, ['deferred', ...RESTS], SCENERY_MS);
      rmSync(closed);
      await seeThrough(world, id);
    }
  },
  async waiting(world) {
    const id = await submit(world, { action: 'set', objects: [newName(world, 'w')] });
    if (!id) return;
    const missing = join(world.ledgers, `unproven-${compact(id)}`);
    writeFileSync(missing, '');
    const living = seeThrough(world, id);
    await world.watch.until(id, ['waiting', ...RESTS], SCENERY_MS);
    await sleep(1500);
    rmSync(missing);
    await living;
  },
  async undone(world) {
    const names = [newName(world, 'u'), newName(world, 'u')];
    const id = await submit(world, { action: 'set', objects: names });
    if (!id || (await seeThrough(world, id)) !== 'succeeded') return;
    const { status, body } = await world.client.insist('helpdesk', 'POST', `/v1/jobs/${id}/rollback`, {
      reason: 'undo',
    });
    if (status === 201) await seeThrough(world, body.id as string);
  },
  async superseded(world) {
    const names = objects(world, 2);
    const id = await submit(world, { action: 'set', objects: names });
    if (!id || (await world.watch.until(id, ['awaiting-approval', ...RESTS]))?.state !== 'awaiting-approval') return;
    const next = await submit(world, { action: 'set', objects: names, supersedes: id });
    if (next) await seeThrough(world, next);
    else await seeThrough(world, id);
  },
  async twice(world) {
    const wish = request(world, { action: 'send', objects: [newName(world, 's')] });
    const key = newName(world, 'twin');
    const twins = await Promise.all(
      Array.from({ length: 4 }, () => world.client.insist('helpdesk', 'POST', '/v1/jobs', wish, key)),
    );
    const made = twins.find(({ status }) => status === 201);
    if (made) await seeThrough(world, made.body.id as string);
  },
};

/**
 * Keeps so many lives going until it is told to stop; then waits for those that are on their way. Of two draws one is from those
 * that are wanted just now, where any are.
 */
export function populate(
  world: World,
  atOnce: number,
  names?: readonly string[],
  lives: Readonly<Record<string, Life>> = LIVES,
  wanted: () => readonly string[] = () => [],
) {
  const drawn = names ?? Object.keys(lives);
  let stopping = false;
  const failures: string[] = [];
  // Every kind once before any comes again.
  let bag: string[] = [];
  const draw = () => {
    const now = wanted();
    if (now.length > 0 && world.dice.below(2) === 0) return world.dice.pick(now);
    if (bag.length === 0) bag = [...drawn];
    return bag.splice(world.dice.below(bag.length), 1)[0] ?? '';
  };
  const slot = async () => {
    while (!stopping) {
      const name = draw();
      const life = lives[name] ?? (() => Promise.reject(new Error('there is no such life')));
      await life(world).catch((error: unknown) => failures.push(`${name}: ${String(error)}`));
    }
  };
  const slots = Array.from({ length: atOnce }, slot);
  return {
    failures,
    async stop() {
      stopping = true;
      await Promise.all(slots);
    },
  };
}
