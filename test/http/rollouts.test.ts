import { describe, expect, it } from '@jest/globals';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actions, newFolder, product, text, withProduct } from '../support/jobs.js';
import type { Who } from '../support/people.js';
import { isPlanned } from '../support/follow-rollout.js';
import { rolloutUntil as until, shownRollout as get } from '../support/shown-rollout.js';

withProduct();

const item = (directory: string, name: string, more: object = {}) => ({
  target: 'box',
  parameters: { directory, names: [name], text: `text of ${name}`, ...more },
});
const submit = (items: readonly object[], more: object = {}, who: Who = 'operator') =>
  product.call(who, 'POST', '/v1/rollouts', {
    ...{ runbook: 'set-file-text', reason: 'test', items, expect: items.length, atOnce: 2 },
    ...more,
  });

const decide = async (id: string, who: Who, more: object = {}) => {
  const { root } = await get(id, '/plans');
  return product.call(who, 'POST', `/v1/rollouts/${id}/decision`, { decision: 'approve', root, reason: 'ok', ...more });
};

describe('a rollout', () => {
  it('plans each item, changes nothing before the decision, and then fixes all in waves', async () => {
    const folder = newFolder();
    const names = ['a', 'b', 'c', 'd'];
    const made = await submit(names.map((name) => item(folder, name)));
    expect([made.status, made.body.count, made.body.status]).toEqual([201, 4, 'open']);
    const { id } = made.body;
    await until(id, isPlanned);
    expect(names.map((name) => existsSync(join(folder, name)))).toEqual([false, false, false, false]);
    const plans = await get(id, '/plans');
    expect(plans.list).toHaveLength(4);
    expect(plans.groups.flatMap(({ items }: any) => items).sort()).toEqual([0, 1, 2, 3]);
    expect((await decide(id, 'operator')).body.code).toBe('not-allowed');
    expect((await decide(id, 'approver', { root: '0'.repeat(64) })).body.code).toBe('list-changed');
    const approved = await decide(id, 'approver');
    expect([approved.status, approved.body.status]).toEqual([200, 'running']);
    const ended = await until(id, ({ status }) => status === 'ended');
    expect([ended.ending, ended.items.map(({ status }: any) => status)]).toEqual([
      'finished',
      ['fixed', 'fixed', 'fixed', 'fixed'],
    ]);
    expect(names.map((name) => text(folder, name))).toEqual(names.map((name) => `text of ${name}`));
    expect(ended.items.map(({ wave }: any) => wave)).toEqual([0, 1, 2, 2]);
    expect(await actions(ended.items[0].job)).toEqual(
      expect.arrayContaining(['job.submitted', 'job.planned', 'job.approved', 'job.claimed', 'job.succeeded']),
    );
    // Decided as a whole: no job of it alone.
    const { items } = ended;
    const alone = await product.call('approver', 'POST', `/v1/jobs/${items[0].job}/decision`, {
      ...{ decision: 'approve', planDigest: plans.list[0].plan, reason: 'ok' },
    });
    expect(alone.body.code).toBe('of-a-rollout');
  });

  it('pauses after a canary that failed, and continues by the decision of an approver alone', async () => {
    const [gone, ...others] = [newFolder(), newFolder(), newFolder()] as const;
    const { body } = await submit([gone, ...others].map((folder) => item(folder, 'a')));
    const { id } = body;
    await until(id, isPlanned);
    // What was planned is not there any more when the canary runs.
    rmSync(gone, { recursive: true });
    await decide(id, 'approver');
    const paused = await until(id, ({ status }) => status === 'paused');
    expect(paused.items.map(({ status }: any) => status)).toEqual(['failed', 'ready', 'ready']);
    const out = await product.call('approver', 'POST', `/v1/rollouts/${id}/exclude`, { items: [0], reason: 'broken' });
    expect([out.status, out.body.code]).toEqual([409, 'item-started']);
    expect(paused.stops).toMatchObject([
      { kind: 'pause', code: 'budget-exceeded', items: [0], by: null, ended: false },
    ]);
    const resume = (who: Who, exclude: readonly number[], ends: readonly string[]) =>
      product.call(who, 'POST', `/v1/rollouts/${id}/resume`, { ends, exclude, reason: 'looked at it' });
    const [{ id: first }] = paused.stops;
    expect((await resume('operator', [0], [first])).body.code).toBe('not-an-approver');
    expect((await resume('approver', [], [first])).body.code).toBe('budget-exceeded');
    expect((await resume('approver', [0], [first])).status).toBe(200);
    // Nothing of the first wave was fixed: that is for an approver to decide, too.
    const again = await until(id, ({ stops }) => stops.length === 2);
    expect(again.stops[1]).toMatchObject({ code: 'wave-not-proved', wave: 0 });
    expect((await resume('approver', [], [again.stops[1].id])).status).toBe(200);
    const ended = await until(id, ({ status }) => status === 'ended');
    expect(ended.items.map(({ status }: any) => status)).toEqual(['failed', 'fixed', 'fixed']);
    expect(others.map((folder) => text(folder, 'a'))).toEqual(['text of a', 'text of a']);
    const retry = await product.call('operator', 'POST', '/v1/rollouts', {
      ...{ runbook: 'set-file-text', reason: 'again', retryOf: id, expect: 1 },
    });
    expect([retry.status, retry.body.retryOf]).toEqual([201, id]);
    await product.call('operator', 'POST', `/v1/rollouts/${retry.body.id}/abort`, { reason: 'done' });
  });

  it('says of an item that needed nothing that it is fine, after the approval too', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'b'), 'text of b');
    const { body } = await submit(['a', 'b'].map((name) => item(folder, name)));
    const planned = await until(body.id, isPlanned);
    expect(planned.items.map(({ status }: any) => status)).toEqual(['planned', 'already-fine']);
    await decide(body.id, 'approver');
    const ended = await until(body.id, ({ status }) => status === 'ended');
    expect(ended.items.map(({ status }: any) => status)).toEqual(['fixed', 'already-fine']);
  });

  it('is stored once for each key, and not at all where a row is bad', async () => {
    const folder = newFolder();
    const key = { 'idempotency-key': 'one' };
    const body = { runbook: 'set-file-text', reason: 'test', items: [item(folder, 'k')], expect: 1 };
    const first = await product.call('operator', 'POST', '/v1/rollouts', body, key);
    const again = await product.call('operator', 'POST', '/v1/rollouts', body, key);
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect((await product.call('operator', 'POST', '/v1/rollouts', { ...body, reason: 'x' }, key)).status).toBe(422);
    const bad = await submit([item(folder, 'ok'), { target: 'nowhere' }, item(folder, 'ok')]);
    expect([bad.status, bad.body.errors.map(({ path, code, target }: any) => [path, code, target])]).toEqual([
      400,
      [
        ['/items/1/target', 'target-not-found', 'nowhere'],
        ['/items/2', 'duplicate-member', 'box'],
      ],
    ]);
    expect((await submit([item(folder, 'n')], { expect: 2 })).body.code).toBe('count-mismatch');
    expect((await product.call('auditor', 'POST', '/v1/rollouts', body)).status).toBe(403);
    await product.call('operator', 'POST', `/v1/rollouts/${first.body.id}/abort`, { reason: 'done' });
    const ended = await until(first.body.id, ({ status }) => status === 'ended');
    expect(ended.ending).toBe('aborted');
  });

  it('is seen by its requester and by whoever sees all jobs', async () => {
    const folder = newFolder();
    const { body } = await submit([item(folder, 's')]);
    expect((await product.call('helpdesk', 'GET', `/v1/rollouts/${body.id}`)).status).toBe(404);
    expect((await product.call('auditor', 'GET', `/v1/rollouts/${body.id}`)).status).toBe(200);
    expect((await product.call('helpdesk', 'GET', '/v1/rollouts')).body.items).toEqual([]);
    const { items } = (await product.call('operator', 'GET', '/v1/rollouts')).body;
    expect(items.map(({ id }: any) => id)).toContain(body.id);
    await product.call('operator', 'POST', `/v1/rollouts/${body.id}/abort`, { reason: 'done' });
  });
});
