import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { rsaFolder, seedKeyFolder } from '../../lab/pc/seeding.js';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import type { ValueObject } from '../../src/domain/canonical.js';
import { DAY, SID, startPcProduct, type PcProduct } from '../support/pc.js';

const RUNBOOK = 'purge-quarantine';
const BEFORE = new Date(Date.now() - 60 * DAY);
let lab: PcProduct;
let windows: string;
let record: pg.Client;
beforeAll(async () => {
  lab = await startPcProduct('PC-PURGE');
  windows = (await rsaFolder(lab.pc)).windows;
  record = new pg.Client({ connectionString: withDatabase(lab.product.adminUrl, 'fixpoint') });
  await record.connect();
  const consent = { kind: 'rsa-keys', subjectSid: SID, evidence: 'By phone' };
  expect((await lab.product.call('helpdesk', 'POST', '/v1/consents', consent)).status).toBe(201);
});
afterAll(async () => {
  await record?.end();
  await lab?.stop();
});

const both = (job: any) => lab.approve(job, 'approver', 'approver2');
const there = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : undefined);
const hex = (job: any): string => job.id.replaceAll('-', '');

/** A key folder set aside by a job of its own; its path on this machine, too. */
async function setAside(files: readonly string[]): Promise<{ job: any; path: string }> {
  const folder = await seedKeyFolder(lab.pc, SID, files, BEFORE);
  const job = await lab.plan('remove-rsa-key-folder', {
    userSid: SID,
    confirmSid: SID,
    step: 4,
    escalationWaiver: 'the steps before were done by hand',
  });
  expect(await both(job)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
  return { job, path: `${folder}.rbk-${hex(job)}` };
}
/** The test's hand in the record: the job ended that long ago. */
const age = (job: any, days: number) =>
  record.query("UPDATE jobs SET state_since = state_since - $2 * interval '1 day' WHERE id = $1", [job.id, days]);
const purge = (job: any) => lab.plan(RUNBOOK, { userSid: SID, ofJob: hex(job) });

describe('a purge', () => {
  it('waits for the retention and for an open rollback, takes two approvals, and leaves nothing of that job', async () => {
    const { job, path } = await setAside(['one', 'two']);
    const neighbour = `${dirname(path)}/${SID}.rbk-${'0'.repeat(32)}`;
    mkdirSync(neighbour);
    expect(await purge(job)).toMatchObject({ state: 'blocked', code: 'retention-running' });
    await age(job, 29.9);
    expect(await purge(job)).toMatchObject({ state: 'blocked', code: 'retention-running' });
    await age(job, 0.2);
    const undo = await lab.rollback(job);
    expect(await purge(job)).toMatchObject({ state: 'blocked', code: 'precondition-missing' });
    await lab.product.call('helpdesk', 'POST', `/v1/jobs/${undo.id}/cancel`, { reason: 'not wanted back' });
    await lab.product.until(undo.id, ['cancelled']);
    const purging = await purge(job);
    expect(purging.plan).toMatchObject({
      risk: 'R3',
      changes: [{ resource: `${windows}\\${SID}.rbk-${hex(job)}`, after: 'absent', action: 'purge' }],
    });
    expect(purging.findings.items).toEqual([expect.objectContaining({ exists: true, files: 2 })]);
    expect(there(path)).toEqual(['one', 'two']);
    expect(await both(purging)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect([there(path), there(neighbour)]).toEqual([undefined, []]);
    expect((await purge(job)).state).toBe('compliant');
    const undoing = await lab.product.call('helpdesk', 'POST', `/v1/jobs/${purging.id}/rollback`, { reason: 'undo' });
    expect([undoing.status, undoing.body.code]).toEqual([409, 'no-rollback']);
  });

  it('whose engine is killed is not retried: a person sees which change', async () => {
    const { job, path } = await setAside(['one']);
    await age(job, 31);
    const purging = await purge(job);
    lab.meddler.before = (phase) => {
      if (phase.endsWith('/Apply.ps1')) lab.killEngine();
    };
    const done = await both(purging);
    lab.meddler.before = undefined;
    expect(done).toMatchObject({ state: 'needs-attention', code: 'outcome-unknown-once' });
    expect(done.detail).toContain(purging.plan.changes[0].id);
    expect(there(path)).toEqual(['one']);
  });

  it('of a job that set nothing aside is refused', async () => {
    const job = { id: '00000000-0000-0000-0000-000000000001' };
    expect(await purge(job)).toMatchObject({ state: 'blocked', code: 'target-not-found' });
  });

  it('is blocked while the clock of the PC is ten minutes off', async () => {
    lab.meddler.clockOffsetMs = 600_000;
    const job = { id: '00000000-0000-0000-0000-000000000001' };
    expect(await purge(job)).toMatchObject({ state: 'blocked', code: 'clock-skew' });
    lab.meddler.clockOffsetMs = 0;
  });

  it.each([
    ['a wildcard for a job', { userSid: SID, ofJob: '*' }],
    ['a path for a job', { userSid: SID, ofJob: `..\\${'0'.repeat(29)}` }],
    ['every user at once', { userSid: 'S-1-5-21-*', ofJob: '0'.repeat(32) }],
    ['what only the record may say', { userSid: SID, ofJob: '0'.repeat(32), quarantine: { items: ['C:\\x'] } }],
  ])('is not taken for %s', async (_, parameters) => {
    const body = { runbook: RUNBOOK, target: 'PC-PURGE', parameters, reason: 'story' };
    expect((await lab.product.call('helpdesk', 'POST', '/v1/jobs', body)).body).toMatchObject({
      code: 'invalid-parameters',
    });
  });
});

describe('the phases on the PC', () => {
  const OF = '00000000000000000000000000000001';
  const given = (items: readonly string[], more: object = {}): ValueObject => ({
    userSid: SID,
    ofJob: OF,
    requestedAtTargetUtc: '2026-01-31T00:00:00.000Z',
    userSession: 'direct',
    quarantine: {
      job: 'j',
      runbook: 'r',
      endedAtUtc: '2026-01-01T00:00:00.000Z',
      retentionDays: 30,
      keptUntilUtc: '2026-01-31T00:00:00.000Z',
      items,
      rollbackOpen: false,
    },
    ...more,
  });
  const names = ['a', 'b', 'c'].map((name) => `${name}.rbk-${OF}`);
  const items = () => names.map((name) => `${windows}\\${SID}\\${name}`);

  it('keep the prefix property, take hidden and read-only files, and remove each once', async () => {
    const folder = await seedKeyFolder(lab.pc, SID, [...names, 'kept'], BEFORE);
    await lab.pc.hand.ask('set-attributes', items()[1] ?? '', 'ReadOnly, Hidden');
    const whole = (await lab.direct.observe(RUNBOOK, given(items()))).changes;
    expect(whole).toHaveLength(3);
    for (let k = 0; k < whole.length; k++) {
      expect(await lab.direct.apply(RUNBOOK, given(items()), whole[k])).toEqual({ outcome: 'changed' });
      expect(await lab.direct.apply(RUNBOOK, given(items()), whole[k])).toEqual({ outcome: 'noop' });
      expect((await lab.direct.observe(RUNBOOK, given(items()))).changes).toEqual(whole.slice(k + 1));
    }
    expect(there(folder)).toEqual(['kept']);
  });

  it('remove nothing at all while one file of a folder is held open', async () => {
    const folder = await seedKeyFolder(lab.pc, `${SID}.rbk-${OF}`, ['one', 'two'], BEFORE);
    const all = given([`${windows}\\${SID}.rbk-${OF}`]);
    const [change] = (await lab.direct.observe(RUNBOOK, all)).changes;
    await lab.pc.hand.ask('hold', `${windows}\\${SID}.rbk-${OF}\\two`);
    expect(await lab.direct.apply(RUNBOOK, all, change)).toBe('user-logged-on');
    expect(there(folder)).toEqual(['one', 'two']);
    await lab.pc.hand.ask('release');
    expect(await lab.direct.apply(RUNBOOK, all, change)).toEqual({ outcome: 'changed' });
    expect(there(folder)).toBeUndefined();
  });

  it('stop at a link, also deep inside and also when it came after the plan', async () => {
    const folder = await seedKeyFolder(lab.pc, `${SID}.rbk-${OF}`, ['one'], BEFORE);
    const all = given([`${windows}\\${SID}.rbk-${OF}`]);
    const [change] = (await lab.direct.observe(RUNBOOK, all)).changes;
    const elsewhere = join(lab.pc.prefix, 'drive_c', 'elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    writeFileSync(join(elsewhere, 'precious'), 'x');
    mkdirSync(join(folder, 'deep'));
    symlinkSync(elsewhere, join(folder, 'deep', 'link'));
    expect(await lab.direct.observe(RUNBOOK, all)).toBe('reparse-point');
    expect(await lab.direct.apply(RUNBOOK, all, change)).toBe('reparse-point');
    expect([there(folder), there(elsewhere)]).toEqual([['deep', 'one'], ['precious']]);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['another user’s session', { userSid: 'S-1-5-21-4-5-6-1001' }, [], 'wrong-logon-session'],
    ['no quarantine on record', { quarantine: null }, [], 'target-not-found'],
    ['a name without the mark', {}, ['C:\\users\\root\\x'], 'path-outside-root'],
    ['the mark of another job', {}, [`C:\\users\\root\\x.rbk-${'0'.repeat(32)}`], 'path-outside-root'],
    ['a mark without a name', {}, [`C:\\users\\root\\.rbk-${OF}`], 'path-outside-root'],
    ['a place outside the profile', {}, [`C:\\windows\\x.rbk-${OF}`], 'path-outside-root'],
    ['a way out of the profile', {}, [`C:\\users\\root\\..\\..\\windows\\x.rbk-${OF}`], 'path-outside-root'],
    ['a profile that begins alike', {}, [`C:\\users\\root2\\x.rbk-${OF}`], 'path-outside-root'],
  ])('refuse %s', async (_, more, listed, code) => {
    expect(await lab.direct.observe(RUNBOOK, given(listed, more))).toBe(code);
  });

  it('remove nothing that the journal does not list', async () => {
    const folder = await seedKeyFolder(lab.pc, SID, [...names], BEFORE);
    const change = { resource: items()[0], property: 'path', before: names[0], after: 'absent', action: 'purge' };
    expect(await lab.direct.apply(RUNBOOK, given([]), change)).toBe('path-outside-root');
    expect(await lab.direct.apply(RUNBOOK, given(items().slice(1)), change)).toBe('path-outside-root');
    expect(there(folder)).toEqual([...names].sort());
  });
});
