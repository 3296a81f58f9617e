import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, watch } from 'node:fs';
import pg from 'pg';
import { certificatesOf, seedCertificates, seedKeyFolder, setMachineGuid } from '../../lab/pc/seeding.js';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { killableWorkers, type KillableWorkers } from '../support/killable-workers.js';
import { DAY, keyFileOf, SID, startPcProduct, type PcProduct } from '../support/pc.js';
import type { Moment } from '../support/record-gate.js';
import { HANGS_MS } from '../support/patience.js';

const POOL = 'killed';
const GUID = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const BEFORE = new Date(Date.now() - 60 * DAY);
const AFTER = new Date(Date.now() + DAY);
const BOB = { userSid: SID, sipAddress: 'bobk@contoso.test' };
let lab: PcProduct;
let record: pg.Client;
let workers: KillableWorkers;
/** The job whose quarantine is purged, and the folder that it is in. */
let setAside: { readonly job: any; readonly folder: string };

beforeAll(async () => {
  lab = await startPcProduct('PC-CRASH');
  record = new pg.Client({ connectionString: withDatabase(lab.product.adminUrl, 'fixpoint') });
  await record.connect();
  await setMachineGuid(lab.pc, GUID);
  const consent = { kind: 'rsa-keys', subjectSid: SID, evidence: 'By phone' };
  expect((await lab.product.call('helpdesk', 'POST', '/v1/consents', consent)).status).toBe(201);
  // A pool that no other worker of this file serves. Two processes: the one that is left takes over at once.
  (lab.product.api.context.settings as { pool: string }).pool = POOL;
  workers = killableWorkers(lab.product, POOL);
  await workers.start();
  await workers.start();
  await workers.ready();
});
afterAll(async () => {
  workers?.close();
  await record?.end();
  await lab?.stop();
});

/** Where a worker is killed: the moment, and the number of the change from 1. */
type Kill = readonly [Moment, number];
type Row = readonly [change: number, attempt: number, result: string | null];

/**
 * Approves a job and kills the worker that has it at each of these places. The record and the PC must show that it is exactly this
 * place. Returns the job as it is when nothing moves any more.
 * @param left what of these names is still on the PC, read without the product
 */
async function walk(job: any, kills: readonly Kill[], left: () => Promise<readonly string[]>): Promise<any> {
  const names: readonly string[] = job.plan.changes.map(nameOf);
  expect(await left()).toEqual(expect.arrayContaining([...names]));
  for (const [i, [moment, k]] of kills.entries()) {
    const change = job.plan.changes[k - 1];
    const worker = workers.stopAt({ moment, changeId: change.id });
    if (i === 0) await approve(job);
    await worker.reached;
    const last: Row = [k, expect.any(Number) as unknown as number, moment === 'result-durable' ? 'changed' : null];
    await until(async () => expect((await journal(job)).at(-1)).toEqual(last));
    // It stands there still: nobody moves on while the PC is looked at.
    const there = await left();
    expect([moment, k, names.filter((name) => there.includes(name))]).toEqual([
      moment,
      k,
      names.slice(moment === 'intent-durable' ? k - 1 : k),
    ]);
    await worker.kill();
    expect((await journal(job)).at(-1)).toEqual(last);
    await workers.start();
  }
  return lab.product.until(job.id, ['succeeded', 'failed', 'blocked', 'needs-attention', 'expired']);
}

const nameOf = ({ resource }: any): string => resource.split(/[\\/]/).at(-1);

async function approve(job: any): Promise<void> {
  for (const who of (['approver', 'approver2'] as const).slice(0, job.plan.approvalsRequired)) {
    const decision = { decision: 'approve', planDigest: job.plan.digest, reason: 'ok' };
    const { status, body } = await lab.product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, decision);
    expect([status, body]).toEqual([200, expect.anything()]);
  }
}

/** Rows of the journal in the order of their making. */
async function journal(job: any): Promise<readonly Row[]> {
  const { rows } = await record.query('SELECT * FROM change_journal WHERE job_id = $1 ORDER BY n', [job.id]);
  const ids: readonly string[] = job.plan.changes.map(({ id }: any) => id);
  return rows.map((row) => [ids.indexOf(row.change_id) + 1, row.attempt, row.result] as const);
}

/** What the audit log says of the changes, in order: number of the change, action, result. */
async function audited(job: any): Promise<readonly string[]> {
  const { rows } = await record.query('SELECT bytes FROM audit_events WHERE job_id = $1 ORDER BY n', [job.id]);
  const ids: readonly string[] = job.plan.changes.map(({ id }: any) => id);
  return rows
    .map(({ bytes }) => JSON.parse(bytes))
    .filter(({ data }) => ids.includes(data.change))
    .map(({ action, data }) => [ids.indexOf(data.change) + 1, action, data.result].filter(Boolean).join(' '));
}

async function until(holds: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + HANGS_MS;
  for (;;) {
    try {
      await holds();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

describe('a killed worker', () => {
  const INTENT = 'change.intent';
  const FOUND_NOT_IN_PLACE = 'change.reconciled not-in-place';
  const FOUND_IN_PLACE = 'change.reconciled in-place';
  const RECORDED = 'change.result changed';
  const certificate = (container?: string) => ({
    issuer: 'CN=Communications Server',
    subject: 'CN=bobk@contoso.test',
    notBefore: BEFORE,
    notAfter: AFTER,
    ...(container === undefined ? {} : { container }),
  });
  const of = (k: number, ...facts: string[]) => facts.map((fact) => `${k} ${fact}`);
  const sentTwice = (k: number) => of(k, INTENT, FOUND_NOT_IN_PLACE, INTENT, RECORDED);

  it('leaves renew-user-certificate to another: each certificate is deleted once', async () => {
    await seedCertificates(lab.pc, [certificate(), certificate(), certificate()]);
    const job = await lab.plan('renew-user-certificate', BOB);
    const kills: readonly Kill[] = [
      ['intent-durable', 1],
      ['result-durable', 1],
      ['intent-durable', 2],
      ['result-durable', 2],
      ['result-unwritten', 3],
    ];
    const done = await walk(job, kills, () => lab.pc.hand.ask('certificates'));
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await audited(job)).toEqual([...sentTwice(1), ...sentTwice(2), ...of(3, INTENT, FOUND_IN_PLACE)]);
    expect(await journal(job)).toEqual([
      [1, 1, 'not-in-place'],
      [1, 2, 'changed'],
      [2, 1, 'not-in-place'],
      [2, 2, 'changed'],
      [3, 1, 'in-place'],
    ]);
    expect(await certificatesOf(lab.pc)).toEqual([]);
  });

  it('leaves remove-rsa-key-folder to another: each file is renamed once, and all of them are kept for a purge', async () => {
    const files = ['k1', 'k2', 'k3'].map((name) => keyFileOf(name, GUID));
    await seedCertificates(lab.pc, ['k1', 'k2', 'k3'].map(certificate));
    const folder = await seedKeyFolder(lab.pc, SID, files, BEFORE);
    const parameters = {
      userSid: SID,
      confirmSid: SID,
      step: 3,
      escalationWaiver: 'the steps before were done by hand',
    };
    const job = await lab.plan('remove-rsa-key-folder', parameters);
    const renamed: string[] = [];
    const watcher = watch(folder, (_, name) => void renamed.push(String(name)));
    const kills: readonly Kill[] = [
      ['intent-durable', 1],
      ['result-durable', 1],
      ['result-unwritten', 2],
    ];
    const done = await walk(job, kills, () => Promise.resolve(readdirSync(folder)));
    watcher.close();
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await audited(job)).toEqual([...sentTwice(1), ...of(2, INTENT, FOUND_IN_PLACE), ...of(3, INTENT, RECORDED)]);
    // One event for the name that goes and one for the name that comes, as the file system counted them.
    const aside = `.rbk-${job.id.replaceAll('-', '')}`;
    expect(renamed.sort()).toEqual(files.flatMap((file) => [file, `${file}${aside}`]).sort());
    setAside = { job, folder };
  });

  it('leaves purge-quarantine to a person if a change may not be repeated, and says what to check', async () => {
    const { job: made, folder } = setAside;
    await record.query("UPDATE jobs SET state_since = state_since - interval '31 days' WHERE id = $1", [made.id]);
    const left = () => Promise.resolve(readdirSync(folder));
    const purge = () => lab.plan('purge-quarantine', { userSid: SID, ofJob: made.id.replaceAll('-', '') });

    const first = await purge();
    const gone = await walk(first, [['result-unwritten', 1]], left);
    expect(gone).toMatchObject({ state: 'needs-attention', code: 'parked' });
    expect(gone.detail).toContain(`${first.plan.changes[0].id} in progress, which is in place now`);
    expect(gone.detail).toContain('left: 2');
    expect(await journal(first)).toEqual([[1, 1, 'in-place']]);
    expect(await audited(first)).toEqual(of(1, INTENT, FOUND_IN_PLACE));
    expect(await left()).toHaveLength(2);
    await lab.product.call('operator', 'POST', `/v1/jobs/${first.id}/resolve`, {
      resolution: 'not-in-place',
      reason: 'looked',
    });

    const second = await purge();
    const stuck = await walk(
      second,
      [
        ['result-durable', 1],
        ['intent-durable', 2],
      ],
      left,
    );
    expect(stuck).toMatchObject({ state: 'needs-attention', code: 'outcome-unknown-once' });
    expect(stuck.detail).toContain(second.plan.changes[1].id);
    expect(await audited(second)).toEqual([...of(1, INTENT, RECORDED), ...of(2, INTENT)]);
    expect(await left()).toHaveLength(1);
    await lab.product.call('operator', 'POST', `/v1/jobs/${second.id}/resolve`, {
      resolution: 'not-in-place',
      reason: 'looked',
    });

    const third = await purge();
    const done = await walk(third, [['result-unwritten', 1]], left);
    expect(done).toMatchObject({ state: 'succeeded' });
    expect(await audited(third)).toEqual(of(1, INTENT, FOUND_IN_PLACE));
    expect(await left()).toEqual([]);
  });

  it('leaves clear-credential-vault to another: each entry is removed once', async () => {
    const entry = (purpose: string) => `Microsoft_OC1:uri=bobk@contoso.test:specific:${purpose}:1`;
    await lab.pc.seed([entry('EWS'), entry('OCS'), 'kept']);
    const job = await lab.plan('clear-credential-vault', BOB);
    const kills: readonly Kill[] = [
      ['intent-durable', 1],
      ['result-durable', 1],
      ['result-unwritten', 2],
    ];
    const done = await walk(job, kills, lab.pc.vault);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(await audited(job)).toEqual([...sentTwice(1), ...of(2, INTENT, FOUND_IN_PLACE)]);
    expect(await lab.pc.vault()).toEqual(['kept']);
  });
});
