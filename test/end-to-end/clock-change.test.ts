import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from '../../src/domain/schedules/envelope.js';
import { digestOfTarget, type Target } from '../../src/domain/target.js';
import { utcText } from '../../src/domain/time.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { initialise, startPostgres, type Postgres } from '../faults/rig/postgres.js';
import { effects } from '../support/jobs.js';
import { localTarget } from '../support/local-target.js';
import { movedClock, type MovedClock } from '../support/moved-clock.js';
import { until } from '../support/patience.js';
import { startRunningProduct, type RunningProduct } from '../support/running-product.js';

/**
 * A schedule with a standing approval, by the wall clock of Berlin, over the two changes of that clock: the whole product with its own
 * processes and database, on a clock that the test moves.
 */

const MINUTE = 60_000;
const DAY = 86_400_000;

let folder: string;
let clock: MovedClock;
let database: Postgres;
let product: RunningProduct;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync('/tmp/fixpoint-tests-clock-');
  // The database's own user reads the clock.
  chmodSync(folder, 0o755);
  clock = movedClock(join(folder, 'clock'));
  clock.set(new Date('2027-03-27T23:00:00Z'));
  // The database has its time from the same clock. The product's own would inherit nothing of it.
  await initialise(join(folder, 'postgres'));
  database = await startPostgres(join(folder, 'postgres'), join(folder, 'postgres.log'), [], undefined, {
    ...process.env,
    ...clock.env,
  });
  product = await startRunningProduct({
    ...clock.env,
    DATABASE_URL: database.adminUrl,
    FIXPOINT_ALLOW_LOCAL: '1',
    FIXPOINT_RUNBOOKS: join(INSTALL_ROOT, 'test/fixtures/runbooks'),
  });
  writeFileSync(join(product.home, 'credentials.json'), JSON.stringify({ credentials: {} }), { mode: 0o600 });
  await product.ready();
  for (const [id, role] of [
    ['op', 'operator'],
    ['ap', 'approver'],
    ['ad', 'admin'],
  ] as const) {
    expect(product.cli(undefined, 'person', 'add', id, id, role)).toMatchObject({ code: 0 });
  }
  await signIn();
  expect((await call('ad', 'POST', '/v1/targets', localTarget('box'))).status).toBe(201);
});
afterAll(async () => {
  await product?.remove();
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function signIn(): Promise<void> {
  for (const id of ['op', 'ap', 'ad']) tokens[id] = product.cli(undefined, 'token', 'issue', id).text.trim();
  // Connections that the product closed while those commands ran are given up.
  await fetch(`${product.url}/readyz`).catch(() => undefined);
}

async function call(who: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${product.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokens[who]}`,
      ...(method === 'POST' ? { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as any };
}

/** A schedule whose jobs are carried out under what two people approved once. */
async function standing(name: string, expression: string) {
  const directory = mkdtempSync(join(folder, 'files-'));
  const { body: added } = await call('op', 'POST', '/v1/schedules', {
    ...{ name, when: { kind: 'cron', expression, zone: 'Europe/Berlin' }, jitter: '0s', window: '1h', calendars: [] },
    ...{ misfire: { policy: 'skip' }, approval: { kind: 'standing' } },
    action: {
      ...{ kind: 'job', runbook: 'set-file-text', target: 'box', reason: 'keep it so' },
      parameters: { directory, names: ['a'], text: 'x' },
    },
  });
  const { body: schedule } = await call('op', 'GET', `/v1/schedules/${added.id}`);
  const { body: runbook } = await call('op', 'GET', '/v1/runbooks/set-file-text');
  const { body: target } = await call('op', 'GET', '/v1/targets/box');
  const envelope: Envelope = {
    v: 1,
    schedule: { id: schedule.id, sha256: schedule.digest },
    runbook: { id: runbook.id, version: runbook.version, contentSha256: runbook.contentDigest },
    targets: [{ id: target.id, name: target.name, sha256: digestOfTarget(target as Target) }],
    parameters: schedule.action.parameters,
    ...{ actions: ['write-file'], most: { perTarget: 1, inAll: 9 } },
    hours: { zone: 'Europe/Berlin', windows: [{ kind: 'weekly', days: [7], from: '00:00', to: '04:00' }] },
    notBefore: utcText(new Date(clock.now().getTime() - MINUTE)),
    notAfter: utcText(new Date(clock.now().getTime() + 2 * DAY)),
    salt: 'a'.repeat(32),
  };
  const asked = await call('op', 'POST', `/v1/schedules/${schedule.id}/standing`, {
    ...{ before: null, envelope, reason: 'every night' },
  });
  const { id, contentDigest } = asked.body;
  const decision = { decision: 'confirm', contentDigest, reason: 'fine' };
  const confirmed = await call('ap', 'POST', `/v1/admissions/${id}/decision`, decision);
  expect(confirmed.body).toMatchObject({ status: 'done' });
  return { schedule: String(schedule.id), directory };
}

const shown = async (schedule: string) => (await call('op', 'GET', `/v1/schedules/${schedule}`)).body;

/** Moves the clock to shortly after an instant, and waits until the schedule has dealt with it and its jobs have ended. */
async function pass(schedule: string, instant: string): Promise<void> {
  clock.set(new Date(Date.parse(instant) + 1000));
  await until(`the schedule has left ${instant} behind`, async () => {
    const { next } = await shown(schedule);
    return next === undefined || Date.parse(next) > Date.parse(instant);
  });
  await until('its jobs have ended', async () => (await jobsOf(schedule)).every(({ state }) => ENDED.has(state)));
}
const ENDED = new Set(['succeeded', 'failed', 'blocked', 'expired']);

async function jobsOf(schedule: string): Promise<readonly any[]> {
  const { firings } = await shown(schedule);
  const jobs = [];
  for (const { job } of firings) jobs.push(job && (await call('op', 'GET', `/v1/jobs/${job}`)).body);
  return jobs;
}

/** When it fired and what became of it, the first firing first. */
async function firingsOf(schedule: string) {
  const { firings } = await shown(schedule);
  const jobs = await jobsOf(schedule);
  return firings.map(({ instant }: any, i: number) => [instant, jobs[i]?.state, jobs[i]?.outcome]).reverse();
}

it('in spring, a standing approval covers each instant that the wall clock has, once', async () => {
  const { schedule, directory } = await standing('spring', '0,30 1-3 * * *');
  const { nextRuns } = await shown(schedule);
  const night = nextRuns.map(({ local, instant }: any) => [local, instant]).slice(0, 4);
  expect(night).toEqual([
    ['2027-03-28T01:00+01:00', '2027-03-28T00:00:00.000Z'],
    ['2027-03-28T01:30+01:00', '2027-03-28T00:30:00.000Z'],
    ['2027-03-28T03:00+02:00', '2027-03-28T01:00:00.000Z'],
    ['2027-03-28T03:30+02:00', '2027-03-28T01:30:00.000Z'],
  ]);
  for (const [, instant] of night) {
    await pass(schedule, instant);
    // It drifts again, so that every firing has something to do.
    rmSync(join(directory, 'a'));
  }
  expect(await firingsOf(schedule)).toEqual(night.map(([, instant]: any) => [instant, 'succeeded', 'fixed']));
  expect(effects(directory)).toBe(night.length);
});

it('in autumn, an hour that comes twice fires once', async () => {
  clock.set(new Date('2027-10-31T00:20:00Z'));
  await signIn();
  const { schedule, directory } = await standing('autumn', '30 2 * * *');
  await pass(schedule, '2027-10-31T00:30:00.000Z');
  rmSync(join(directory, 'a'));
  expect((await shown(schedule)).next).toBe('2027-11-01T01:30:00.000Z');
  // Half past two comes again at 01:30Z. What fires an hour later shows that the product has looked in between.
  clock.set(new Date('2027-10-31T01:30:30Z'));
  const last = await standing('later', '30 3 31 10 *');
  await pass(last.schedule, '2027-10-31T02:30:00.000Z');
  expect(await firingsOf(schedule)).toEqual([['2027-10-31T00:30:00.000Z', 'succeeded', 'fixed']]);
  expect(existsSync(join(directory, 'a'))).toBe(false);
});
