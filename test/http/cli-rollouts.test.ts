import { expect, it } from '@jest/globals';
import { mkdirSync, rmSync } from 'node:fs';
import { command } from '../support/command-line.js';
import { newFolder, product, text, withProduct } from '../support/jobs.js';
import type { Who } from '../support/people.js';
import { rolloutUntil as until, shownRollout as get } from '../support/shown-rollout.js';

withProduct();

const run = (who: Who, ...words: string[]) =>
  command({ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens[who], FIXPOINT_HOME: product.home }, ...words);

it('a resume shows each pause, asks, and takes as many approvers of exactly the same as the list', async () => {
  const folders = Array.from({ length: 11 }, newFolder);
  const items = folders.map((directory) => ({
    target: 'box',
    parameters: { directory, names: ['a'], text: 'x' },
  }));
  const { body } = await product.call('operator', 'POST', '/v1/rollouts', {
    ...{
      runbook: 'set-file-text',
      reason: 'test',
      items,
      expect: 11,
      waves: [{ name: 'canary', size: 1 }, { size: 'rest' }],
    },
  });
  const { id } = body;
  await until(id, (one) => one.items.every(({ status }: any) => status !== 'planning'));
  // What was planned is not there any more when the canary runs.
  rmSync(folders[0] ?? '', { recursive: true });
  const { root } = await get(id, '/plans');
  for (const who of ['approver', 'approver2'] as const)
    await product.call(who, 'POST', `/v1/rollouts/${id}/decision`, { decision: 'approve', root, reason: 'ok' });
  const paused = await until(id, ({ status }) => status === 'paused');
  expect([paused.approvalsToResume, paused.stops[0].code]).toEqual([2, 'budget-exceeded']);
  const resume = (who: Who, ...more: string[]) =>
    run(who, 'rollout', 'resume', id, '--reason', 'looked at it', '--without', '0', ...more);

  const unasked = await resume('approver');
  expect([unasked.code, (await get(id)).decisions.length]).toEqual([2, 2]);
  const first = await resume('approver', '--yes');
  expect(first.code).toBe(0);
  expect(first.text).toMatch(/Ends 1 pause:\n.*by Fixpoint: .*\[budget-exceeded\] \(/);
  expect(first.text).toMatch(/Wave 1 \(canary\)\n +box \(item 0\)/);
  expect(first.text).toContain('Left out, and not counted any more:\n  box (item 0)');
  expect(first.text).toContain('It takes 2 approvers who sign exactly this; none has.');
  expect(first.text).toMatch(/Resume of 1 pause by The approver \(approver\), without box: 1 more approver must sign/);
  const counted = await get(id);
  expect([counted.status, counted.stops[0].ended]).toEqual(['paused', false]);
  expect(counted.decisions.at(-1)).toMatchObject({ status: 'counted', missing: 1, exclude: [0] });
  // The worker begins with nothing of it meanwhile, and the same person counts once.
  expect((await resume('approver', '--yes')).text).toContain('1 more approver must sign');
  const second = await resume('approver2', '--yes');
  expect(second.text).toContain('signed by The approver (approver).');
  // Nothing of the canary was fixed: that is another pause, for both again.
  const again = await until(id, ({ stops }) => stops.length === 2);
  expect(again.stops).toMatchObject([{ ended: true }, { code: 'wave-not-proved', ended: false }]);
  expect(again.decisions.filter(({ missing }: any) => missing > 0)).toEqual([]);
  mkdirSync(folders[0] ?? '');
  for (const who of ['approver', 'approver2'] as const)
    await run(who, 'rollout', 'resume', id, '--reason', 'looked at it', '--yes');
  const ended = await until(id, ({ status }) => status === 'ended');
  expect(ended.items.filter(({ status }: any) => status === 'fixed')).toHaveLength(10);
  expect(folders.slice(1).map((folder) => text(folder, 'a'))).toEqual(Array.from({ length: 10 }, () => 'x'));
});
