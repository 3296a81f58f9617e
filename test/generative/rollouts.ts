import type { Who } from '../support/people.js';
import type { TestProduct } from '../support/product.js';

/** A rollout as the list shows it, with what requests about it name. */
export interface KnownRollout {
  readonly id: string;
  readonly status: 'open' | 'running' | 'paused' | 'ended';
  readonly requester: { readonly id: string };
  readonly count: number;
  /** Of the list of plans that waits for a decision; undefined where none waits. */
  readonly root?: string;
  /** Ids of the pauses under which it was approved and that nobody ended. */
  readonly pauses: readonly string[];
  /** Items that a rollback would put back; 0 where it was rolled back before, or is one. */
  readonly undoable: number;
}

/** One person may have five: what is beyond this is aborted, so that new ones are not refused. */
const MOST_LIVE = 3;
/** Ended rollouts that are looked at, the latest. */
const MOST_LOOKED_AT = 10;
/** Rollouts that wait for the end of a person's pause. */
const HELD = 2;

/** Looks at the rollouts that are there. Some of them are brought to where only a person lets them go on. */
export async function refreshRollouts(product: TestProduct, targets: readonly string[]): Promise<KnownRollout[]> {
  const all: KnownRollout[] = (await product.call('admin', 'GET', '/v1/rollouts?limit=100')).body.items;
  const live = all.filter(({ status }) => status !== 'ended');
  const known = await Promise.all(live.map((rollout) => lookAt(product, rollout)));
  await hold(product, known, targets);
  for (const who of ['operator', 'admin'] as const) {
    const own = known.filter(({ requester }) => requester.id === who);
    for (const { id } of own.slice(MOST_LIVE))
      await product.call(who, 'POST', `/v1/rollouts/${id}/abort`, { reason: 'too many' });
  }
  const over = all.filter(({ status }) => status === 'ended');
  const latest = await Promise.all(over.slice(0, MOST_LOOKED_AT).map((rollout) => lookBack(product, rollout)));
  return [...known, ...latest, ...over.slice(MOST_LOOKED_AT).map((ended) => ({ ...ended, pauses: [], undoable: 0 }))];
}

async function lookAt(product: TestProduct, rollout: KnownRollout): Promise<KnownRollout> {
  const { body } = await product.call('admin', 'GET', `/v1/rollouts/${rollout.id}`);
  const plans = (await product.call('admin', 'GET', `/v1/rollouts/${rollout.id}/plans`)).body;
  const held = body.stops.filter((stop: any) => stop.kind === 'pause' && stop.by !== null && !stop.ended);
  return {
    ...rollout,
    status: body.status,
    ...(body.status === 'open' && plans.list.length > 0 ? { root: plans.root } : {}),
    pauses: body.status === 'paused' ? held.map(({ id }: any) => id) : [],
    undoable: 0,
  };
}

async function lookBack(product: TestProduct, rollout: KnownRollout): Promise<KnownRollout> {
  const { items, rollbackOf, undoneBy } = (await product.call('admin', 'GET', `/v1/rollouts/${rollout.id}`)).body;
  const isOver = rollbackOf !== undefined || undoneBy.length > 0;
  const fixed = items.filter(({ status }: any) => status === 'fixed').length;
  return { ...rollout, pauses: [], undoable: isOver ? 0 : fixed };
}

/** Rollouts that a person paused before others approved them: asked for, approved once they are planned, and then left to the run. */
async function hold(product: TestProduct, known: readonly KnownRollout[], targets: readonly string[]): Promise<void> {
  const asker: Who = 'helpdesk2';
  const own = known.filter(({ requester, status }) => requester.id === asker && ['open', 'paused'].includes(status));
  for (const { id, root } of own.filter(({ status }) => status === 'open')) {
    const decision = { decision: 'approve', root, reason: 'held' };
    if (root !== undefined) await product.call('approver', 'POST', `/v1/rollouts/${id}/decision`, decision);
  }
  for (let i = own.length; i < HELD; i++) {
    const parameters = { directory: '/srv/held', names: ['n'], text: `plain ${Date.now()}` };
    const items = targets.map((target) => ({ target, parameters }));
    const asked = { runbook: 'set-file-text', reason: 'held', items, expect: items.length };
    const { body } = await product.call(asker, 'POST', '/v1/rollouts', asked);
    await product.call(asker, 'POST', `/v1/rollouts/${body.id}/pause`, { reason: 'held' });
  }
}
