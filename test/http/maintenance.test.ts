import { describe, expect, it } from '@jest/globals';
import { actions, decide, effects, newFolder, planned, product, text, withProduct } from '../support/jobs.js';
import { addLocalTarget } from '../support/product.js';
import { command } from '../support/command-line.js';
import { until } from '../support/patience.js';
import type { Who } from '../support/people.js';

withProduct();

const HOUR_MS = 3_600_000;
const comes = (ms: number) => new Date(Date.now() + ms).toISOString();
const start = (target: string, end = comes(HOUR_MS), who: Who = 'operator', reason = 'new disks') =>
  product.call(who, 'POST', `/v1/targets/${target}/maintenance`, { until: end, reason });
const end = (target: string, who: Who = 'operator') => product.call(who, 'DELETE', `/v1/targets/${target}/maintenance`);
const status = async (target = 'box') => (await product.call('operator', 'GET', `/v1/targets/${target}/status`)).body;
const run = (...words: string[]) =>
  command(
    { FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.operator, FIXPOINT_HOME: product.home },
    ...words,
  );
const notice = (folder: string) => ({ directory: folder, names: ['a'], text: 'x' });
const logged = async () => {
  const { body } = await product.call('auditor', 'GET', '/v1/audit?limit=500');
  return body.items.filter(({ action }: any) => action.startsWith('target.maintenance'));
};

describe('a target in maintenance', () => {
  it('gets no plan; the end of the maintenance has it planned at once', async () => {
    const until4 = comes(4 * HOUR_MS);
    expect(await start('box', until4)).toMatchObject({
      status: 200,
      body: { name: 'box', maintenance: { until: until4, by: 'The operator', reason: 'new disks' } },
    });
    const job = await planned('set-file-text', notice(newFolder()));
    expect(job).toMatchObject({
      state: 'deferred',
      code: 'in-maintenance',
      detail: `until ${until4}, by The operator: new disks`,
    });
    // No worker was there.
    expect((await status()).triedAt).toBeUndefined();
    expect((await end('box')).body.maintenance).toBeUndefined();
    // The runbook would try again every 5 seconds for an hour; a lost wake shows in `nextTryAt`.
    expect((await product.until(job.id, ['awaiting-approval'])).state).toBe('awaiting-approval');
  });

  it('gets no change that is approved, and gets it afterwards under the same approval', async () => {
    const folder = newFolder();
    const job = await planned('set-file-text', notice(folder));
    await start('box');
    expect((await decide(job)).status).toBe(200);
    expect(await product.until(job.id, ['deferred', 'succeeded'])).toMatchObject({
      state: 'deferred',
      code: 'in-maintenance',
    });
    expect(effects(folder)).toBe(0);
    await end('box');
    expect((await product.until(job.id, ['succeeded', 'failed', 'blocked'])).state).toBe('succeeded');
    expect(text(folder, 'a')).toBe('x');
    expect((await actions(job.id)).filter((action) => action === 'job.approved')).toHaveLength(1);
  });

  it('does not keep jobs from another target', async () => {
    await addLocalTarget(product, 'other');
    await start('other');
    expect((await planned('set-file-text', notice(newFolder()))).state).toBe('awaiting-approval');
    await end('other');
  });
});

describe('a maintenance', () => {
  it('is logged once, however often it is asked for, and once more with another end', async () => {
    const before = (await logged()).length;
    const first = comes(HOUR_MS);
    for (let i = 0; i < 3; i++) expect((await start('box', first)).status).toBe(200);
    const second = comes(2 * HOUR_MS);
    expect((await start('box', second)).body.maintenance.until).toBe(second);
    for (let i = 0; i < 2; i++) expect((await end('box')).status).toBe(200);
    await until('the events are in the log', async () => (await logged()).length >= before + 3);
    expect(
      (await logged()).slice(-3).map(({ action, actor, data }: any) => [action, actor.id, data.targetName]),
    ).toEqual([
      ['target.maintenance-started', 'operator', 'box'],
      ['target.maintenance-started', 'operator', 'box'],
      ['target.maintenance-ended', 'operator', 'box'],
    ]);
  });

  it.each([
    ['that is over already', -HOUR_MS],
    ['of seconds', 10_000],
    ['of more than 90 days', 91 * 24 * HOUR_MS],
  ])('%s is refused', async (_, ms) => {
    expect((await start('box', comes(ms))).body).toMatchObject({ code: 'maintenance-refused', status: 400 });
    expect((await status()).maintenance).toBeUndefined();
  });

  it('is for whoever may change the target', async () => {
    expect((await start('box', comes(HOUR_MS), 'helpdesk')).body.code).toBe('not-allowed');
    expect((await end('box', 'approver')).body.code).toBe('not-allowed');
    expect((await start('nowhere')).body.code).toBe('target-not-found');
    expect((await product.call('helpdesk', 'GET', '/v1/targets/nowhere/status')).body.code).toBe('target-not-found');
    const sly = await start('box', comes(HOUR_MS), 'operator', 'a\u202eb');
    expect([sly.status, (await status()).maintenance]).toEqual([400, undefined]);
  });
});

describe('the inventory', () => {
  it('says when a worker was last signed in to a target', async () => {
    await planned('set-file-text', notice(newFolder()));
    await until('the contact is noted', async () => (await status()).seenAt !== undefined);
    const { seenAt, triedAt, code } = await status();
    expect([triedAt, code]).toEqual([seenAt, undefined]);
    expect(Math.abs(Date.now() - Date.parse(seenAt))).toBeLessThan(HOUR_MS);
    const { body } = await product.call('helpdesk', 'GET', '/v1/target-status');
    expect(body.items.find(({ name }: any) => name === 'box')).toMatchObject({ seenAt });
    const listed = await run('target', 'list');
    expect(listed.text).toContain('SEEN (UTC)');
    expect(listed.text).toContain(seenAt.slice(0, 16).replace('T', ' '));
  });

  it('says why a target was not reached, and keeps when it was last seen', async () => {
    const gone = {
      ...{ name: 'gone', kind: 'server', credentials: { detect: 'none', apply: 'none' }, tier: 2, site: 'x', tags: [] },
      transport: { type: 'ssh', host: '127.0.0.1', port: 1, user: 'u', hostKey: `ssh-ed25519 ${'A'.repeat(68)}` },
    };
    expect((await product.call('admin', 'POST', '/v1/targets', gone)).status).toBe(201);
    const statuses = product.worker!.record.targetStatuses;
    const { id } = (await product.call('admin', 'GET', '/v1/targets/gone')).body;
    statuses.noteContact(id);
    await statuses.flush();
    const { seenAt } = await status('gone');
    statuses.noteContact(id, 'unreachable');
    await statuses.flush();
    expect(await status('gone')).toMatchObject({ seenAt, code: 'unreachable' });
    expect((await run('target', 'list')).text).toMatch(/gone .* unreachable 2/);
    // A target that is removed takes its status with it, and a note about it harms nobody.
    await product.call('admin', 'DELETE', `/v1/targets/${id}`);
    statuses.noteContact(id);
    await statuses.flush();
    expect((await product.call('admin', 'GET', `/v1/targets/${id}/status`)).status).toBe(404);
  });

  it('shows a maintenance, which the command line begins and ends', async () => {
    const begun = await run('target', 'maintenance', 'start', 'box', '--until', '4h', '--reason', 'new disks');
    expect(begun).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^box is in maintenance until \d{4}-.* UTC\./),
    });
    expect((await run('target', 'list')).text).toMatch(/box .* in maintenance until /);
    expect((await run('target', 'show', 'box')).text).toMatch(
      / {2}maintenance until .* UTC, by The operator: new disks/,
    );
    expect(await run('target', 'maintenance', 'end', 'box')).toEqual({
      code: 0,
      text: 'box is not in maintenance.\n',
    });
    expect((await run('target', 'show', 'box')).text).not.toContain('maintenance');
  });
});
