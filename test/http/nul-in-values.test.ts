import { expect, it } from '@jest/globals';
import { endedScan } from '../support/ended-scan.js';
import { admin, newFolder, product, withProduct } from '../support/jobs.js';

withProduct();

/** A NUL, what is written like one, and both beside backslashes: a type of PostgreSQL takes no NUL in any text. */
const NUL = 'a\u0000b\\u0000c\\\u0000\u0000d';
const parameters = () => ({ directory: newFolder(), names: ['a', 'b'], text: NUL });
const call = (who: 'operator' | 'admin', method: string, path: string, body?: object) =>
  product.call(who, method, `/v1${path}`, body);
const schedule = (name: string, calendars: readonly string[] = []) =>
  call('operator', 'POST', '/schedules', {
    ...{ name, when: { kind: 'cron', expression: '0 2 * * *', zone: 'UTC' }, calendars },
    ...{ jitter: '0s', misfire: { policy: 'skip' }, window: '1h', approval: { kind: 'each-time', lead: '1h' } },
    action: { kind: 'job', runbook: 'set-file-text', target: 'box', reason: 'test', parameters: parameters() },
  });
const calendar = async (name: string) =>
  (await call('admin', 'POST', '/calendars', { name, kind: 'blackout', zone: 'UTC', windows: [] })).body.id as string;

it('a schedule with a NUL in its parameters keeps no calendar from being removed, and no standing approval from being judged', async () => {
  const [used, free] = [await calendar('used'), await calendar('free')];
  expect((await schedule('nul', [used])).status).toBe(201);
  expect((await call('admin', 'DELETE', `/calendars/${free}`)).status).toBe(204);
  expect((await call('admin', 'DELETE', `/calendars/${used}`)).body.code).toBe('calendar-in-use');
  expect(await product.worker!.record.standing.toJudge(10)).toEqual([]);
});

it('the report over scans counts changes whose values have a NUL', async () => {
  const made = await call('operator', 'POST', '/scans', {
    ...{ runbook: 'set-file-text', reason: 'test', items: [{ target: 'box', parameters: parameters() }], expect: 1 },
  });
  expect(made.status).toBe(201);
  await endedScan(made.body.id);
  const trend = await call('admin', 'GET', '/compliance?runbook=set-file-text');
  expect([trend.status, trend.body.scans]).toEqual([
    200,
    [expect.objectContaining({ scan: made.body.id, counts: expect.objectContaining({ drifted: 1 }) })],
  ]);
  const { rows } = await admin.query<{ n: number }>(`SELECT strpos(bytes, '\\u0000') AS n FROM plans`);
  expect(rows[0]?.n).toBeGreaterThan(0);
});
