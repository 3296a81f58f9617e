import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actions, newFolder, product, text, withProduct } from '../support/jobs.js';
import type { Who } from '../support/people.js';
import { isPlanned } from '../support/follow-rollout.js';
import { rolloutUntil as until, shownRollout as get } from '../support/shown-rollout.js';

/** The rollback of a rollout, on files of this machine. */

withProduct();

const NAMES = ['a', 'b', 'c', 'd'] as const;
const submit = (folder: string, names: readonly string[] = NAMES) =>
  product.call('operator', 'POST', '/v1/rollouts', {
    ...{ runbook: 'set-file-text', reason: 'test', expect: names.length },
    items: names.map((name) => ({ target: 'box', parameters: { directory: folder, names: [name], text: 'new' } })),
  });
const rollBack = (id: string, more: object = {}, key?: string, who: Who = 'operator') =>
  product.call(
    who,
    'POST',
    `/v1/rollouts/${id}/rollback`,
    { reason: 'the new text is wrong', expect: NAMES.length, ...more },
    key === undefined ? {} : { 'idempotency-key': key },
  );

async function approve(id: string) {
  const planned = await until(id, isPlanned);
  const { root } = await get(id, '/plans');
  const decision = { decision: 'approve', root, reason: 'ok' };
  expect((await product.call('approver', 'POST', `/v1/rollouts/${id}/decision`, decision)).status).toBe(200);
  return planned;
}
const hasEnded = ({ status }: any) => status === 'ended';
const statuses = ({ items }: any) => items.map(({ status }: any) => status);

async function carriedOut(folder: string, names?: readonly string[]): Promise<string> {
  const { body } = await submit(folder, names);
  await approve(body.id);
  await until(body.id, hasEnded);
  return body.id as string;
}

describe('the rollback of a rollout', () => {
  it('is submitted once for each key, approved by another person, and puts every item back in waves', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'b'), 'old');
    const { body: made } = await submit(folder);
    expect((await rollBack(made.id)).body.code).toBe('not-ended-rollout');
    await approve(made.id);
    await until(made.id, hasEnded);
    expect(NAMES.map((name) => text(folder, name))).toEqual(['new', 'new', 'new', 'new']);
    const first = await rollBack(made.id, {}, 'one');
    expect([first.status, first.body.rollbackOf, first.body.count]).toEqual([201, made.id, 4]);
    const { id } = first.body;
    expect((await rollBack(made.id, {}, 'one')).body.id).toBe(id);
    expect((await rollBack(made.id)).body.code).toBe('rollback-not-ended');
    await until(id, isPlanned);
    const { root } = await get(id, '/plans');
    const own = { decision: 'approve', root, reason: 'ok' };
    expect((await product.call('operator', 'POST', `/v1/rollouts/${id}/decision`, own)).status).toBe(403);
    expect(NAMES.map((name) => text(folder, name))).toEqual(['new', 'new', 'new', 'new']);
    await approve(id);
    const ended = await until(id, hasEnded);
    expect([ended.ending, statuses(ended)]).toEqual(['finished', ['fixed', 'fixed', 'fixed', 'fixed']]);
    expect(NAMES.map((name) => text(folder, name))).toEqual([undefined, 'old', undefined, undefined]);
    // The canary of the first rollout was item 0, the second wave item 1, the last one 2 and 3.
    const jobs = await Promise.all(
      ended.items.map(async ({ job }: any) => (await product.call('admin', 'GET', `/v1/jobs/${job}`)).body),
    );
    expect(jobs.map(({ kind, parameters }: any) => [kind, parameters.names[0]])).toEqual([
      ...[
        ['rollback-of', 'c'],
        ['rollback-of', 'd'],
        ['rollback-of', 'b'],
        ['rollback-of', 'a'],
      ],
    ]);
    expect(ended.items.map(({ wave }: any) => wave)).toEqual([0, 1, 2, 3]);
    expect([ended.rollbackOf, ended.leftOut, ended.undoneBy]).toEqual([made.id, [], []]);
    expect((await get(made.id)).undoneBy).toEqual([id]);
    expect(await actions(ended.items[0].job)).toEqual(expect.arrayContaining(['job.submitted', 'job.succeeded']));
    const again = await rollBack(made.id);
    expect([again.status, again.body.code]).toEqual([409, 'nothing-to-roll-back']);
    expect(again.body.errors.map(({ code, target }: any) => [code, target])).toEqual(
      Array(4).fill(['already-rolled-back', 'box']),
    );
    expect((await rollBack(id)).body.code).toBe('rollout-is-rollback');
    const retry = { runbook: 'set-file-text', reason: 'again', retryOf: id, expect: 1 };
    expect((await product.call('operator', 'POST', '/v1/rollouts', retry)).body.code).toBe('rollout-is-rollback');
  });

  it('leaves out what was fine before, and is not started on what somebody has changed since', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'c'), 'new');
    const undone = await carriedOut(folder);
    writeFileSync(join(folder, 'b'), 'of somebody else');
    const mismatch = await rollBack(undone);
    expect([mismatch.status, mismatch.body.code, mismatch.body.errors]).toEqual([
      ...[409, 'count-mismatch'],
      [expect.objectContaining({ path: '/items/2', code: 'nothing-to-undo', index: 2, target: 'box' })],
    ]);
    const { body } = await rollBack(undone, { expect: 3, waves: [{ size: 1 }, { size: 'rest' }] });
    const planned = await approve(body.id);
    expect(planned.leftOut).toEqual([expect.objectContaining({ index: 2, target: 'box', code: 'nothing-to-undo' })]);
    expect(statuses(planned).sort()).toEqual(['no-plan', 'planned', 'planned']);
    const ended = await until(body.id, hasEnded);
    expect(statuses(ended).sort()).toEqual(['fixed', 'fixed', 'left-out']);
    expect(NAMES.map((name) => text(folder, name))).toEqual([undefined, 'of somebody else', 'new', undefined]);
    const blocked = ended.items.find(({ status }: any) => status === 'left-out');
    expect([blocked.state, blocked.code]).toEqual(['blocked', 'state-drift']);
  });

  it('is for whoever may start rollouts and sees this one', async () => {
    const undone = await carriedOut(newFolder(), ['a']);
    expect((await rollBack(undone, { expect: 1 }, undefined, 'auditor')).status).toBe(403);
    expect((await rollBack(undone, { expect: 1 }, undefined, 'helpdesk')).status).toBe(404);
    const { body, status } = await rollBack(undone, { expect: 1 }, undefined, 'admin');
    expect([status, body.requester.id]).toEqual([201, 'admin']);
    expect(body.declaration.waves).toEqual([{ size: 'rest' }]);
    await product.call('admin', 'POST', `/v1/rollouts/${body.id}/abort`, { reason: 'done' });
  });
});
