import { expect, it } from '@jest/globals';
import { command } from '../support/command-line.js';
import { newFolder, product, withProduct } from '../support/jobs.js';
import type { Who } from '../support/people.js';

withProduct();

const run = (who: Who, ...words: string[]) =>
  command({ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens[who], FIXPOINT_HOME: product.home }, ...words);
const add = (name: string, ...more: string[]) => {
  const parameters = [`directory=${newFolder()}`, 'names=a', 'text=x'];
  const words = ['schedule', 'add', name, 'set-file-text', 'box', ...parameters, '--reason', 'keep it so'];
  return run('operator', ...words, ...more);
};
const NIGHTLY = ['--cron', '30 2 * * *', '--zone', 'Europe/Berlin', '--yes'];

it('a schedule is made after its next runs were shown, listed, paused, resumed and removed', async () => {
  const added = await add('nightly', ...NIGHTLY, '--late', '2h', '--jitter', '10m');
  expect(added.code).toBe(0);
  expect(added.text).toMatch(/Next runs\n {2}\d{4}-\d\d-\d\dT02:30\+0[12]:00 .*up to 10m later/);
  expect(added.text).toContain('runs once within 2h');
  expect((await run('operator', 'schedule', 'list')).text).toMatch(/nightly +active/);
  expect((await run('operator', 'schedule', 'next', 'nightly', '--count', '3')).text.match(/T02:3\d/g)).toHaveLength(3);
  expect((await run('operator', 'schedule', 'pause', 'nightly')).text).toContain('is paused');
  expect((await run('operator', 'schedule', 'resume', 'nightly')).text).toContain('is active');
  expect((await run('operator', 'schedule', 'remove', 'nightly')).text).toContain('was removed');
  expect((await run('operator', 'schedule', 'show', 'nightly')).code).toBe(1);
});

it('a wrong time is refused with its reason, and nothing is saved without a yes', async () => {
  const wrong = await add('wrong', '--cron', '61 2 * * *', '--zone', 'UTC', '--yes');
  expect([wrong.code, wrong.text]).toEqual([1, expect.stringContaining('Invalid value for minute: 61')]);
  expect((await add('unasked', ...NIGHTLY.slice(0, -1))).code).toBe(2);
  expect((await add('unsaid', '--yes')).text).toContain('either --cron or --at');
  expect((await run('operator', 'schedule', 'list')).text).not.toMatch(/wrong|unasked|unsaid/);
});

it('a calendar is made, changed, named by a schedule and removed after it', async () => {
  const nights = ['--kind', 'maintenance', '--zone', 'Europe/Berlin', '--weekly', 'mon-fri 22:00-06:00'];
  expect((await run('operator', 'calendar', 'add', 'nights', ...nights)).text).toContain(
    'mon,tue,wed,thu,fri 22:00-06:00',
  );
  const edited = await run('operator', 'calendar', 'edit', 'nights', '--weekly', 'sat-mon 00:00-12:00');
  expect(edited.text).toContain('mon,sat,sun 00:00-12:00');
  expect((await add('weekend', ...NIGHTLY, '--calendar', 'nights')).text).toMatch(/not then: calendar nights/);
  expect((await run('operator', 'calendar', 'remove', 'nights')).text).toContain('calendar-in-use');
  await run('operator', 'schedule', 'remove', 'weekend');
  expect((await run('operator', 'calendar', 'remove', 'nights')).code).toBe(0);
  expect((await run('operator', 'calendar', 'add', 'bad', ...nights.slice(0, 4), '--weekly', 'noday 1-2')).code).toBe(
    2,
  );
});

it('a standing approval is asked for, confirmed by an approver, and withdrawn', async () => {
  await add('covered', ...NIGHTLY, '--approval', 'standing');
  const limits = ['--action', 'write-file', '--weekly', 'mon-sun 00:00-00:00', '--until', '30d', '--yes'];
  const asked = await run('operator', 'schedule', 'cover', 'covered', ...limits, '--reason', 'every night');
  expect([asked.code, asked.text]).toEqual([0, expect.stringContaining('fixpoint schedule confirm')]);
  const id = /schedule confirm (\S+)/.exec(asked.text)?.[1] ?? '';
  const { body } = await product.call('approver', 'GET', `/v1/admissions/${id}`);
  const confirm = ['schedule', 'confirm', id, '--reason', 'read it', '--digest', body.contentDigest];
  expect((await run('approver', ...confirm)).text).toContain('It is in force.');
  expect((await run('approver', 'schedule', 'requests')).text).toMatch(/done +approve-standing +covered/);
  const withdrawn = await run('operator', 'schedule', 'uncover', 'covered', '--reason', 'no more');
  expect([withdrawn.code, withdrawn.text]).toEqual([0, expect.stringContaining('It was withdrawn.')]);
  const { body: now } = await product.call('operator', 'GET', '/v1/schedules/covered/standing');
  expect(now.sha256).toBeNull();
});
