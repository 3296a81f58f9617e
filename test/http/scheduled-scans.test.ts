import { beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { utcText } from '../../src/domain/time.js';
import { fireDue } from '../../src/usecases/schedules/fire-due.js';
import { command } from '../support/command-line.js';
import { endedScan as ended } from '../support/ended-scan.js';
import { admin, newFolder, product, withProduct } from '../support/jobs.js';
import { localTarget } from '../support/local-target.js';
import type { Who } from '../support/people.js';

withProduct();

const MINUTE = 60_000;
const timing = {
  when: { kind: 'cron', expression: '*/5 * * * *', zone: 'Europe/Berlin' },
  // So that no test depends on how far into its five minutes it runs.
  ...{ jitter: '0s', misfire: { policy: 'run-once', within: '1h' }, window: '1h', calendars: [] as string[] },
};
let made = 0;
const folder = newFolder();
const scanning = (over: object, parameters: object = { directory: folder, names: ['a'], text: 'x' }) => ({
  ...{ name: `scan-${(made += 1)}`, ...timing, approval: { kind: 'none' } },
  action: { kind: 'scan', runbook: 'set-file-text', reason: 'compliance', parameters, ...over },
});
const post = (body: object) => product.call('operator', 'POST', '/v1/schedules', body);
const show = async (id: string) => (await product.call('operator', 'GET', `/v1/schedules/${id}`)).body;
const fire = () =>
  fireDue(product.api.context, (_, error) => {
    throw error;
  });
/** Makes an instant due now: the owner of the database may. */
async function makeDue(id: string, instant: Date) {
  await admin.query('UPDATE schedules SET next_instant = $2, due_at = now() WHERE id = $1', [id, instant]);
  return utcText(instant);
}
const last = () => new Date(Math.floor(Date.now() / (5 * MINUTE)) * 5 * MINUTE);
const scansOf = async () => (await product.call('auditor', 'GET', '/v1/scans?limit=100')).body.items;
beforeAll(async () => {
  for (const name of ['north-1', 'north-2'])
    await product.call('admin', 'POST', '/v1/targets', { ...localTarget(name), site: 'north' });
  await product.call('admin', 'POST', '/v1/selections', { name: 'north', select: { sites: ['north'] } });
});

describe('a schedule of scans', () => {
  it('makes one scan for each instant, whoever fires it, over what its selection means then', async () => {
    const stored = await post(scanning({ selection: 'north' }));
    const { id, action } = stored.body;
    const selection = (await product.call('operator', 'GET', '/v1/selections/north')).body;
    expect([stored.status, action.selection]).toEqual([201, selection.id]);
    await product.call('admin', 'POST', '/v1/targets', { ...localTarget('north-3'), site: 'north' });
    const instant = await makeDue(id, last());
    await Promise.all([fire(), fire(), fire()]);
    await fire();
    const [firing, ...others] = (await show(id)).firings;
    expect([firing, others]).toEqual([
      { first: instant, instant, count: 1, outcome: 'submitted', scan: expect.any(String), at: expect.any(String) },
      [],
    ]);
    expect((await scansOf()).map((scan: any) => [scan.id, scan.count, scan.requester.id])).toEqual([
      [firing.scan, 3, 'operator'],
    ]);
    const scan = await ended(firing.scan);
    expect(scan.items.map(({ target, status }: any) => [target, status])).toEqual([
      ['north-1', 'drifted'],
      ['north-2', 'drifted'],
      ['north-3', 'drifted'],
    ]);
    const { body } = await product.call('auditor', 'GET', '/v1/audit?action=scan.submitted');
    expect(body.items.map(({ data }: any) => [data.scan, data.schedule, data.instant])).toEqual([
      [firing.scan, id, instant],
    ]);
    // The next one sees what was put right in between.
    writeFileSync(join(folder, 'a'), 'x');
    await makeDue(id, new Date(Date.parse(instant) + 1000));
    await fire();
    const [next] = (await show(id)).firings;
    expect((await ended(next.scan)).counts).toMatchObject({ compliant: 3, drifted: 0 });
    const trend = (await product.call('auditor', 'GET', '/v1/compliance?runbook=set-file-text')).body;
    expect(trend.scans.map((one: any) => one.counts.drifted)).toEqual([3, 0]);
  });

  it('is made with no approval, and nothing else is', async () => {
    const refused = async (body: object) => {
      const answer = await post(body);
      return [answer.status, answer.body.code, answer.body.errors?.map(({ path }: any) => path)];
    };
    const each = { approval: { kind: 'each-time', lead: '0s' } };
    expect(await refused({ ...scanning({ selection: 'north' }), ...each })).toEqual([
      ...[400, 'schedule-refused', ['/approval/kind']],
    ]);
    const job = { kind: 'job', runbook: 'set-file-text', target: 'box', reason: 'x' };
    const parameters = { directory: folder, names: ['a'], text: 'x' };
    expect(await refused({ ...scanning({}), action: { ...job, parameters } })).toEqual([
      ...[400, 'schedule-refused', ['/approval/kind']],
    ]);
  });

  it('is checked as a scan of now before it is stored', async () => {
    const codeOf = async (over: object, parameters?: object) => (await post(scanning(over, parameters))).body.code;
    expect(await codeOf({ selection: 'nowhere' })).toBe('selection-not-found');
    expect(await codeOf({})).toBe('selection-unclear');
    expect(await codeOf({ select: {} })).toBe('selection-unbounded');
    expect(await codeOf({ select: { sites: ['empty'] } })).toBe('selection-empty');
    expect(await codeOf({ select: { sites: ['north'] } }, { directory: 1 })).toBe('scan-refused');
    expect((await product.call('helpdesk', 'POST', '/v1/schedules', scanning({ selection: 'north' }))).status).toBe(
      403,
    );
  });

  it('is seen and removed by its owner, whose rights are for some sites alone', async () => {
    const policy = join(product.home, 'policy.json');
    const allow = (id: string, actions: readonly string[], roles: readonly string[], more: object = {}) =>
      ({ id, effect: 'allow', actions, roles, ...more }) as const;
    const north = { targets: { sites: ['north'] } };
    const actions = ['schedule', 'read-schedules', 'scan', 'plan', 'read-targets'];
    const rules = [allow('north', actions, ['operator', 'helpdesk'], north), allow('all', actions, ['admin'])];
    writeFileSync(policy, JSON.stringify({ rules }));
    const own = await post(scanning({ select: { sites: ['north'] } }));
    const elsewhere = await post(scanning({ select: { names: ['box'] } }));
    const { id, name } = own.body;
    const as = (who: Who, method: string, path = '') => product.call(who, method, `/v1/schedules/${id}${path}`);
    const seen = [await show(name), await as('admin', 'GET'), await as('helpdesk', 'GET')];
    const changed = [await as('helpdesk', 'POST', '/pause'), await as('operator', 'POST', '/pause')];
    const removed = await as('operator', 'DELETE');
    rmSync(policy);
    expect([own.status, elsewhere.status]).toEqual([201, 400]);
    expect([seen[0].id, seen[1].status, seen[2].body.code]).toEqual([id, 200, 'schedule-not-found']);
    expect(changed.map(({ status }) => status)).toEqual([404, 200]);
    expect(removed.status).toBe(204);
  });

  it('is made however many scans its owner has open, and waits with its own for a place', async () => {
    await product.stopWorker();
    const items = [{ target: 'box', parameters: { directory: folder, names: ['a'], text: 'x' } }];
    const open: string[] = [];
    for (let status = 201; status === 201;) {
      const asked = { runbook: 'set-file-text', reason: 'x', items, expect: 1 };
      const answer = await product.call('operator', 'POST', '/v1/scans', asked);
      ({ status } = answer);
      if (status === 201) open.push(answer.body.id);
      else expect(answer.body.code).toBe('too-many-scans');
    }
    const { status, body } = await post(scanning({ select: { names: ['north-1'] } }));
    await makeDue(body.id, last());
    await fire();
    expect([status, (await show(body.id)).firings]).toEqual([201, []]);
    await product.startWorker();
    for (const id of open) await ended(id);
    // It is looked at again a minute later.
    expect((await admin.query('SELECT 1 FROM schedules WHERE id = $1 AND due_at > now()', [body.id])).rowCount).toBe(1);
    await admin.query('UPDATE schedules SET due_at = now() WHERE id = $1', [body.id]);
    await fire();
    expect((await show(body.id)).firings).toMatchObject([{ outcome: 'submitted' }]);
  });

  it('says of an instant that came to nothing why', async () => {
    const { id } = (await post(scanning({ selection: 'north' }))).body;
    await product.call('admin', 'DELETE', '/v1/selections/north');
    await makeDue(id, last());
    await fire();
    expect((await show(id)).firings).toMatchObject([
      { outcome: 'missed', cause: 'refused', detail: 'selection-not-found' },
    ]);
  });

  it('is made, shown and followed by the command line', async () => {
    const env = { FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.operator, FIXPOINT_HOME: product.home };
    const words = [
      'set-file-text',
      `directory=${folder}`,
      'names=a',
      'text=x',
      '--site',
      'north',
      '--reason',
      'nightly',
    ];
    const when = ['--cron', '30 2 * * *', '--zone', 'Asia/Taipei', '--yes'];
    const added = await command(env, 'schedule', 'scan', 'nightly-scan', ...words, ...when);
    expect(added.text).toMatch(/Next runs\n {2}\d{4}-\d\d-\d\dT02:30\+08:00/);
    expect(added.text).toContain('approval   none: a scan changes nothing');
    expect(added.text).toContain('scan of    targets with sites: north');
    const { id } = await show('nightly-scan');
    await makeDue(id, last());
    await fire();
    expect((await command(env, 'schedule', 'show', 'nightly-scan')).text).toMatch(
      /Last runs, the latest first\n {2}\S+Z {2}scan /,
    );
  });
});
