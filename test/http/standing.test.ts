import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envelopeDigest, type Envelope } from '../../src/domain/schedules/envelope.js';
import { standingChangeDigest } from '../../src/domain/schedules/standing-change.js';
import { digestOfTarget, type Target } from '../../src/domain/target.js';
import { utcText } from '../../src/domain/time.js';
import { fireDue } from '../../src/usecases/schedules/fire-due.js';
import { connectEachRole, type DatabaseClients } from '../support/database-roles.js';
import { actions, admin, decide, effects, newFolder, product, withProduct } from '../support/jobs.js';
import { until } from '../support/patience.js';
import type { Who } from '../support/people.js';

let database: DatabaseClients;
// Before the product ends, which is the order in which they are named.
afterAll(() => database?.end());
withProduct();
beforeAll(async () => {
  database = await connectEachRole(product);
});

const SLOT_MS = 5 * 60_000;
let made = 0;
async function add(names: readonly string[] = ['a'], folder = newFolder()) {
  const { status, body } = await product.call('operator', 'POST', '/v1/schedules', {
    ...{ name: `standing-${(made += 1)}`, when: { kind: 'cron', expression: '*/5 * * * *', zone: 'UTC' } },
    ...{ jitter: '0s', misfire: { policy: 'run-once', within: '1h' }, window: '1h', calendars: [] },
    approval: { kind: 'standing' },
    action: {
      ...{ kind: 'job', runbook: 'set-file-text', target: 'box', reason: 'keep it so' },
      parameters: { directory: folder, names, text: 'x' },
    },
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return { folder, schedule: (await product.call('operator', 'GET', `/v1/schedules/${body.id}`)).body };
}

async function envelopeFor(schedule: any, more: Partial<Envelope> = {}): Promise<Envelope> {
  const { body: runbook } = await product.call('operator', 'GET', '/v1/runbooks/set-file-text');
  const { body: target } = await product.call('operator', 'GET', '/v1/targets/box');
  return {
    v: 1,
    schedule: { id: schedule.id, sha256: schedule.digest },
    runbook: { id: runbook.id, version: runbook.version, contentSha256: runbook.contentDigest },
    targets: [{ id: target.id, name: target.name, sha256: digestOfTarget(target as Target) }],
    parameters: schedule.action.parameters,
    actions: ['write-file'],
    most: { perTarget: 2, inAll: 2 },
    hours: { zone: 'UTC', windows: [{ kind: 'weekly', days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }] },
    notBefore: utcText(new Date(Date.now() - 3_600_000)),
    notAfter: utcText(new Date(Date.now() + 86_400_000)),
    salt: 'a'.repeat(32),
    ...more,
  };
}

const ask = async (who: Who, id: string, envelope: Envelope | null, before: string | null = null) =>
  (await product.call(who, 'POST', `/v1/schedules/${id}/standing`, { before, envelope, reason: 'every night' })).body;
const confirm = (who: Who, { id, contentDigest }: any) =>
  product.call(who, 'POST', `/v1/admissions/${id}/decision`, { decision: 'confirm', contentDigest, reason: 'fine' });

async function approved(schedule: any, more: Partial<Envelope> = {}): Promise<Envelope> {
  const envelope = await envelopeFor(schedule, more);
  const asked = await ask('operator', schedule.id, envelope);
  expect(asked).toMatchObject({ status: 'open' });
  expect((await confirm('approver', asked)).body).toMatchObject({ status: 'done' });
  return envelope;
}

/** Fires the last instant; @returns the job that came of it. */
async function fired(id: string): Promise<string> {
  const instant = new Date(Math.floor(Date.now() / SLOT_MS) * SLOT_MS);
  await admin.query('UPDATE schedules SET next_instant = $2, due_at = now() WHERE id = $1', [id, instant]);
  await fireDue(product.api.context, (_, error) => {
    throw error as Error;
  });
  const { rows } = await admin.query<{ id: string }>('SELECT id FROM jobs WHERE schedule_id = $1', [id]);
  return rows[0]?.id ?? '';
}

/** The job once `authority` has judged its plan. */
const judged = async (id: string) => {
  await product.until(id, ['awaiting-approval', 'succeeded', 'blocked', 'failed']);
  for (;;) {
    const { body } = await product.call('operator', 'GET', `/v1/jobs/${id}`);
    if (body.state !== 'awaiting-approval' || body.detail !== undefined) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

describe('a job under a standing approval', () => {
  it('is carried out without a decision, and its grant names what people approved', async () => {
    const { schedule, folder } = await add();
    const envelope = await approved(schedule);
    const { body: shown } = await product.call('auditor', 'GET', `/v1/schedules/${schedule.id}/standing`);
    expect(shown).toMatchObject({ sha256: envelopeDigest(envelope), by: [{ id: 'operator' }, { id: 'approver' }] });
    const id = await fired(schedule.id);
    expect(await product.until(id, ['succeeded'])).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect(effects(folder)).toBe(1);
    const { rows } = await admin.query<{ bytes: string }>('SELECT bytes FROM grants WHERE job_id = $1', [id]);
    expect(JSON.parse(rows[0]?.bytes ?? '{}')).toMatchObject({
      approvals: [],
      standing: { schedule: schedule.id, envelopeSha256: envelopeDigest(envelope) },
    });
    expect((await actions(id)).filter((action) => /decided|approved/.test(action))).toEqual(['job.approved']);
  });

  it.each<[string, readonly string[], Partial<Envelope>, RegExp]>([
    ['with more changes than were approved', ['a', 'b'], { most: { perTarget: 1, inAll: 1 } }, /2 changes, and 1/],
    ['before the approval begins', ['a'], { notBefore: utcText(new Date(Date.now() + 3_600_000)) }, /begins at/],
  ])('waits for people %s, and says why', async (_, names, more, why) => {
    const { schedule, folder } = await add(names);
    await approved(schedule, more);
    const job = await judged(await fired(schedule.id));
    expect(job).toMatchObject({ state: 'awaiting-approval', detail: expect.stringMatching(why) });
    expect(await actions(job.id)).toContain('job.not-covered');
    expect(effects(folder)).toBe(0);
    // A person decides it like any other.
    expect((await decide(job)).status).toBe(200);
    await product.until(job.id, ['succeeded']);
  });

  it.each(['pause', 'remove'] as const)('waits for people where somebody stops the schedule: %s', async (how) => {
    const { schedule, folder } = await add();
    await approved(schedule);
    await product.stopWorker();
    const id = await fired(schedule.id);
    if (how === 'pause') await product.call('operator', 'POST', `/v1/schedules/${schedule.id}/pause`);
    else await product.call('operator', 'DELETE', `/v1/schedules/${schedule.id}`);
    await product.startWorker();
    expect((await judged(id)).detail).toContain('the schedule is');
    expect(effects(folder)).toBe(0);
  });

  it('waits for people where nobody approved anything', async () => {
    const { schedule } = await add();
    expect((await judged(await fired(schedule.id))).detail).toContain('there is no standing approval');
  });

  it('is stopped by the worker where the approval was withdrawn after the grant', async () => {
    const { schedule: first } = await add();
    await approved(first);
    const done = await product.until(await fired(first.id), ['succeeded']);
    const { schedule, folder } = await add();
    const envelope = await approved(schedule);
    // Another job holds the object, so that this one has its grant and waits.
    await admin.query('INSERT INTO object_locks (key, job_id) VALUES ($1, $2)', [done.locks[0], done.id]);
    const id = await fired(schedule.id);
    for (let shown = await product.until(id, ['queued']); shown.code !== 'object-locked';)
      shown = (await product.call('operator', 'GET', `/v1/jobs/${id}`)).body;
    const before = envelopeDigest(envelope);
    expect(await ask('operator', schedule.id, null, before)).toMatchObject({ status: 'done' });
    await admin.query('DELETE FROM object_locks WHERE job_id = $1', [done.id]);
    await admin.query('UPDATE jobs SET wake_at = now() WHERE id = $1', [id]);
    expect(await product.until(id, ['blocked'])).toMatchObject({ state: 'blocked', code: 'not-covered' });
    expect(effects(folder)).toBe(0);
  });
});

it('a plan that drifted after the grant waits for people, who read once that the instant is used up', async () => {
  const { schedule: first } = await add();
  await approved(first);
  const done = await product.until(await fired(first.id), ['succeeded']);
  const { schedule, folder } = await add();
  await approved(schedule);
  // Another job holds the object, so that this one has its grant and waits; meanwhile somebody writes there.
  await admin.query('INSERT INTO object_locks (key, job_id) VALUES ($1, $2)', [done.locks[0], done.id]);
  const id = await fired(schedule.id);
  for (let shown = await product.until(id, ['queued']); shown.code !== 'object-locked';)
    shown = (await product.call('operator', 'GET', `/v1/jobs/${id}`)).body;
  writeFileSync(join(folder, 'a'), 'by somebody else');
  await admin.query('DELETE FROM object_locks WHERE job_id = $1', [done.id]);
  await admin.query('UPDATE jobs SET wake_at = now() WHERE id = $1', [id]);
  await product.until(id, ['awaiting-approval']);
  await until('authority judged the new plan', async () => (await actions(id)).includes('job.not-covered'));
  const { body: job } = await product.call('operator', 'GET', `/v1/jobs/${id}`);
  expect(job).toMatchObject({ state: 'awaiting-approval', detail: expect.stringContaining('the instant is used up') });
  // It is judged once.
  const { rows } = await admin.query('SELECT jti FROM standing_judgements WHERE job_id = $1 ORDER BY at', [id]);
  expect(rows).toMatchObject([{ jti: expect.any(String) }, { jti: null }]);
  expect((await actions(id)).filter((action) => action === 'job.not-covered')).toHaveLength(1);
  expect((await decide(job)).status).toBe(200);
  await product.until(id, ['succeeded']);
});

describe('a standing approval', () => {
  it('is confirmed by another person who may approve such jobs, and by nobody else', async () => {
    const { schedule } = await add();
    const asked = await ask('operator', schedule.id, await envelopeFor(schedule));
    expect((await confirm('operator', asked)).status).toBe(403);
    expect((await confirm('helpdesk', asked)).status).toBe(403);
    expect((await confirm('auditor', asked)).status).toBe(403);
    expect((await confirm('admin', asked)).status).toBe(403);
    expect((await product.call('operator', 'GET', `/v1/schedules/${schedule.id}/standing`)).body.sha256).toBeNull();
    expect((await confirm('approver', asked)).body.status).toBe('done');
  });

  it.each<[string, Partial<Envelope>, RegExp]>([
    ['for longer than 90 days', { notAfter: utcText(new Date(Date.now() + 91 * 86_400_000)) }, /notAfter/],
    ['for other parameters', { parameters: {} }, /parameters/],
    ['for an action that the runbook does not have', { actions: ['other'] }, /actions/],
    ['for another schedule', { schedule: { id: 'x', sha256: '0'.repeat(64) } }, /schedule/],
    ['without hours', { hours: { zone: 'UTC', windows: [] } }, /hours/],
  ])('is refused %s', async (_, more, why) => {
    const { schedule } = await add();
    const asked = await ask('operator', schedule.id, await envelopeFor(schedule, more));
    expect(asked).toMatchObject({ status: 'refused', code: 'envelope-refused', detail: expect.stringMatching(why) });
  });

  it('cannot be made, judged or taken back by any other role of the database', async () => {
    const insert = `INSERT INTO subject_admissions (id, subject, subject_id, bytes, signature, kid)
                    VALUES (gen_random_uuid(), 'standing', 'x', '{}', '', '')`;
    const judge = 'INSERT INTO standing_judgements (job_id) VALUES (gen_random_uuid())';
    for (const role of ['api', 'relay', 'worker'] as const) {
      await expect(database.roles.get(role)?.query(insert)).rejects.toThrow('permission denied');
      await expect(database.roles.get(role)?.query(judge)).rejects.toThrow('permission denied');
    }
    await expect(admin.query('DELETE FROM subject_admissions')).rejects.toThrow('append-only');
    await expect(admin.query('UPDATE standing_judgements SET changes = 0')).rejects.toThrow('append-only');
  });

  it('covers nothing where its stored text is another than the one that was signed', async () => {
    const { schedule } = await add(['a', 'b']);
    const envelope = await approved(schedule, { most: { perTarget: 1, inAll: 1 } });
    const forged = JSON.stringify({ ...envelope, most: { perTarget: 2, inAll: 2 } });
    await admin.query('ALTER TABLE subject_admissions DISABLE TRIGGER never_changed');
    await admin.query('UPDATE subject_admissions SET content = $2 WHERE subject_id = $1', [schedule.id, forged]);
    await admin.query('ALTER TABLE subject_admissions ENABLE TRIGGER never_changed');
    expect((await judged(await fired(schedule.id))).detail).toContain('there is no standing approval');
  });

  it('is signed for over what counts: the digest covers the envelope before', () => {
    const change = { schedule: 's', before: null, envelope: null };
    expect(standingChangeDigest(change)).not.toBe(standingChangeDigest({ ...change, before: 'x' }));
  });
});
