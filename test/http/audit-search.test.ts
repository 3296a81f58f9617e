import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { erasable, erase } from '../../src/installation/erase-values.js';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { auditLines } from '../../src/cli/audit-lines.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { changeId, type Change } from '../../src/domain/plan.js';
import { readConfig } from '../../src/processes/config.js';
import { localTarget } from '../support/local-target.js';
import { createPatience } from '../support/patience.js';
import { startTestProduct, type TestProduct } from '../support/product.js';
import { withDatabase } from '../../src/adapters/postgres/index.js';

let product: TestProduct;
let database: pg.Client;
let target: string;

/** A file set to a text, approved and done. */
async function changed(directory: string, text: string, reason: string, approval: string): Promise<string> {
  const parameters = { directory, names: ['ann-lee'], text };
  const submitted = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook: 'set-file-text',
    target,
    parameters,
    reason,
  });
  const { id } = submitted.body;
  const { plan } = await product.until(id, ['awaiting-approval']);
  const decision = { decision: 'approve', planDigest: plan.digest, reason: approval };
  expect((await product.call('approver', 'POST', `/v1/jobs/${id}/decision`, decision)).status).toBe(200);
  expect((await product.until(id, ['succeeded'])).state).toBe('succeeded');
  await chained();
  return id;
}

/** Everything that was written so far is in the chain. */
async function chained(): Promise<void> {
  const patience = createPatience('the audit chain');
  for (;;) {
    const { rows } = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM audit_unchained');
    if (rows[0]?.n === 0) return;
    if (patience.isOver(String(rows[0]?.n))) throw new Error('the audit log is not chained');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const folder = () => mkdtempSync('/tmp/fixpoint-tests/audit-');
const search = async (query: string) =>
  (await product.call('auditor', 'GET', `/v1/audit?action=change.result&${query}`)).body.items;

beforeAll(async () => {
  product = await startTestProduct();
  database = new pg.Client(withDatabase(product.adminUrl, 'fixpoint'));
  await database.connect();
  target = (await product.call('admin', 'POST', '/v1/targets', localTarget('box'))).body.id;
  await product.call('admin', 'POST', '/v1/targets', localTarget('box2'));
});
afterAll(async () => {
  await database.end();
  await product.stop();
});

describe('the search of the audit log', () => {
  it('answers who changed a subject, who approved it, from what to what, and that this is verified', async () => {
    const directory = folder();
    const job = await changed(directory, 'New title', 'User asked', 'Fits the order');
    const [line, ...more] = await search(`subject=${encodeURIComponent('ANN-LEE')}&job=${job}`);
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      job,
      change: { before: null, after: 'New title', result: 'changed' },
      decision: {
        requester: { id: 'helpdesk' },
        reason: 'User asked',
        approvals: [{ person: { id: 'approver' }, reason: 'Fits the order' }],
      },
      verified: true,
      problem: null,
      erased: false,
    });
    const text = auditLines([line]);
    expect(text).toContain('(nothing) -> New title');
    expect(text).toContain('requested by The helpdesk (helpdesk): User asked');
    expect(text).toContain('approved by The approver (approver) at ');
    expect(text).toContain('\n    verified');
  });

  it('finds by person (id or name), runbook, target (name or id) and time, and only what fits all of them', async () => {
    const directory = folder();
    const job = await changed(directory, 'x', 'r', 'a');
    const found = async (query: string) =>
      (await search(`${query}&limit=500`)).some((line: { job: string }) => line.job === job);
    const day = 86_400_000;
    const at = (ms: number) => encodeURIComponent(new Date(Date.now() + ms).toISOString());
    for (const fits of [
      'person=approver',
      'person=the%20APPROVER',
      'person=helpdesk',
      'runbook=set-file-text',
      'target=box',
      `target=${target}`,
      `from=${at(-day)}&to=${at(day)}`,
      `subject=${encodeURIComponent(directory.slice(-6).toUpperCase())}`,
    ])
      expect([fits, await found(fits)]).toEqual([fits, true]);
    for (const other of [
      'person=operator',
      'runbook=held',
      'target=box2',
      `from=${at(day)}`,
      `to=${at(-day)}`,
      'subject=someone-else',
      'person=approver&subject=someone-else',
    ])
      expect([other, await found(other)]).toEqual([other, false]);
  });

  it('says who rejected a plan and why, and does not call another reason verified', async () => {
    const submitted = await product.call('helpdesk', 'POST', '/v1/jobs', {
      ...{ runbook: 'set-file-text', target, reason: 'r' },
      parameters: { directory: folder(), names: ['b'], text: 'y' },
    });
    const { id } = submitted.body;
    const { plan } = await product.until(id, ['awaiting-approval']);
    const decision = { decision: 'reject', planDigest: plan.digest, reason: 'The wrong folder' };
    expect((await product.call('approver', 'POST', `/v1/jobs/${id}/decision`, decision)).status).toBe(200);
    await product.until(id, ['rejected']);
    await chained();
    const found = async (more = '') =>
      (await product.call('auditor', 'GET', `/v1/audit?action=job.rejected&job=${id}${more}`)).body;
    const [line] = (await found()).items;
    expect(line).toMatchObject({ actor: { id: 'approver' }, reason: 'The wrong folder', verified: true });
    expect(auditLines([line])).toMatch(/Z {2}job\.rejected by The approver \(approver\): The wrong folder$/m);
    const [row] = parse<Record<string, string>>(await found('&format=csv'), { columns: true });
    expect(row).toMatchObject({ actor: 'The approver (approver)', event_reason: 'The wrong folder' });
    await database.query(`UPDATE decisions SET reason = 'forged' WHERE job_id = $1`, [id]);
    expect((await found()).items[0]).toMatchObject({ reason: null, verified: false });
  });

  it('shows a person without the right to all events those of their own jobs only', async () => {
    const job = await changed(folder(), 'x', 'r', 'a');
    const of = async (who: 'helpdesk' | 'helpdesk2') =>
      (await product.call(who, 'GET', `/v1/audit?job=${job}`)).body.items.length;
    expect(await of('helpdesk')).toBeGreaterThan(0);
    expect(await of('helpdesk2')).toBe(0);
  });

  it('is CSV whose cells are no formulas, and JSON Lines, of all events that fit', async () => {
    const directory = folder();
    const job = await changed(directory, '=HYPERLINK("http://x")', '@SUM(1)', '+1, "quoted"\nline');
    const csv = await product.call('auditor', 'GET', `/v1/audit?format=csv&job=${job}`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const rows = parse<Record<string, string>>(csv.body, { columns: true });
    const change = rows.find(({ action }) => action === 'change.result');
    expect(change).toMatchObject({ after: `'=HYPERLINK("http://x")`, reason: "'@SUM(1)", verified: 'yes' });
    const lines = await product.call('auditor', 'GET', `/v1/audit?format=jsonl&job=${job}`);
    const events = (lines.body as string)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ action }) => action)).toEqual(rows.map(({ action }) => action));
    const first = await product.call('auditor', 'GET', `/v1/audit?format=jsonl&job=${job}&limit=2`);
    expect((first.body as string).trim().split('\n')).toHaveLength(2);
  });

  it.each([
    ['the plan', `UPDATE plans SET bytes = replace(bytes, 'true text', 'forged') WHERE job_id = $1`],
    ['the reason of the request', `UPDATE jobs SET reason = 'forged' WHERE id = $1`],
    ['the parameters', `UPDATE jobs SET parameters = replace(parameters, 'true text', 'forged') WHERE id = $1`],
    ['the reason of the approval', `UPDATE decisions SET reason = 'forged' WHERE job_id = $1`],
    ['the requester', `UPDATE jobs SET requester = replace(requester, 'The helpdesk', 'Another') WHERE id = $1`],
    ['the ticket', `UPDATE jobs SET ticket = 'INC99' WHERE id = $1`],
    ['that its values were erased', `UPDATE jobs SET erased_at = now(), salt = NULL WHERE id = $1`],
  ])('does not call a line verified after somebody changed %s in the database', async (_, forgery) => {
    const job = await changed(folder(), 'true text', 'true reason', 'true approval');
    expect((await search(`job=${job}`))[0].verified).toBe(true);
    const problem = async () => (await product.call('auditor', 'GET', `/v1/jobs/${job}`)).body.problem;
    const verdict = () => {
      process.env.FIXPOINT_API_DATABASE_URL = product.urls.api;
      const kept = join(product.home, 'none');
      mkdirSync(kept, { recursive: true });
      return verifyAudit({ keys: join(product.home, 'keys', 'grant-public.json'), checkpoints: kept });
    };
    const about = async () => (await verdict()).problems.filter(({ reason }) => reason.includes(job));
    expect([await problem(), await about()]).toEqual([null, []]);
    await database.query(forgery, [job]);
    expect(await problem()).toEqual(expect.any(String));
    expect(await about()).toHaveLength(1);
    const [line] = await search(`job=${job}`);
    expect(line.verified).toBe(false);
    expect(JSON.stringify(line.change)).not.toContain('forged');
    expect(auditLines([line])).toContain('NOT VERIFIED: ');
  });
});

describe('erasing the values of a subject', () => {
  const settings = () => {
    const read = readConfig({ FIXPOINT_HOME: product.home }, product.home);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    return { ...read.value, secrets: { ...read.value.secrets, adminUrl: product.adminUrl } };
  };
  const holds = async (text: string) => {
    const { rows: tables } = await database.query<{ t: string }>(
      `SELECT table_name AS t FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { t } of tables)
      if ((await database.query(`SELECT 1 FROM "${t}" x WHERE x::text LIKE $1 LIMIT 1`, [`%${text}%`])).rowCount)
        found.push(t);
    return found.sort();
  };

  it('removes them from every table, keeps the log verifiable, and leaves nothing to try values against', async () => {
    const directory = folder();
    const job = await changed(directory, 'Secret title', 'Because of Ann', 'Ann may');
    const { rows } = await database.query<{ bytes: string }>('SELECT bytes FROM plans WHERE job_id = $1', [job]);
    const [change] = (JSON.parse(rows[0]?.bytes ?? '') as { changes: Change[] }).changes;
    if (!change) throw new Error('no change');
    const subject = directory.slice(-6);
    await expect(erasable(settings(), { subject: '' })).rejects.toThrow('at least 3 characters');
    await expect(erasable(settings(), { subject: '  \n ' })).rejects.toThrow('at least 3 characters');
    const found = await erasable(settings(), { subject });
    expect(found.jobs.map(({ id }) => id)).toEqual([job]);
    expect(await erase(settings(), [job], 'asked for by the data protection officer')).toEqual([job]);
    expect(await holds(directory)).toEqual([]);
    expect(await holds('Secret title')).toEqual([]);
    expect(await holds('Because of Ann')).toEqual([]);
    expect(await holds('Ann may')).toEqual([]);
    expect(await holds(change.id)).toEqual(['audit_events', 'change_journal', 'job_events']);
    expect(changeId(change, undefined)).not.toBe(change.id);
    await chained();
    const keys = join(product.home, 'keys', 'grant-public.json');
    const exported = join(product.home, 'erased.jsonl');
    const { body } = await product.call('auditor', 'GET', '/v1/audit/export');
    (await import('node:fs')).writeFileSync(exported, body);
    expect(await verifyAudit({ file: exported, keys })).toMatchObject({ ok: true });
    expect(readFileSync(exported, 'utf8')).not.toContain('Secret title');
    const [line] = await search(`job=${job}`);
    expect(line).toMatchObject({
      change: null,
      erased: true,
      verified: true,
      decision: { requester: { id: 'helpdesk' }, reason: null },
    });
    const why = await product.call('auditor', 'GET', `/v1/audit?action=values.erased&job=${job}`);
    expect(auditLines(why.body.items)).toContain(
      'values.erased by command line of this machine (command-line): asked for by the data protection officer',
    );
    expect((await product.call('admin', 'GET', `/v1/jobs/${job}`)).body).toMatchObject({
      parameters: {},
      erasedAt: expect.any(String),
    });
  });

  it('refuses to roll such a job back, and to erase one that has not ended', async () => {
    const directory = folder();
    const job = await changed(directory, 'x', 'r', 'a');
    await erase(settings(), [job], 'asked for');
    const rollback = await product.call('helpdesk', 'POST', `/v1/jobs/${job}/rollback`, { reason: 'back' });
    expect([rollback.status, rollback.body.code]).toEqual([409, 'values-erased']);
    const waiting = await product.call('helpdesk', 'POST', '/v1/jobs', {
      ...{ runbook: 'set-file-text', target, reason: 'r' },
      parameters: { directory, names: ['b'], text: 'y' },
    });
    await product.until(waiting.body.id, ['awaiting-approval']);
    expect(await erasable(settings(), { job: waiting.body.id })).toEqual({ jobs: [], notEnded: 1 });
    expect(await erase(settings(), [waiting.body.id], 'r')).toEqual([]);
  });
});

// The last one: from here on the log holds an event that does not verify.
it('does not take it from a process that values were erased', async () => {
  const job = await changed(folder(), 'true text', 'r', 'a');
  const [{ event }] = (
    await database.query<{ event: string }>(
      `SELECT bytes AS event FROM audit_events WHERE job_id = $1 AND action = 'job.submitted'`,
      [job],
    )
  ).rows as [{ event: string }];
  const forged = canonicalJson({ ...JSON.parse(event), eventId: randomUUID(), action: 'values.erased' });
  const worker = new pg.Client(product.urls.worker);
  await worker.connect();
  await expect(worker.query('SELECT audit_append($1)', [forged])).rejects.toThrow('does not write the event');
  await expect(worker.query('UPDATE jobs SET erased_at = now(), salt = NULL WHERE id = $1', [job])).rejects.toThrow(
    'permission denied',
  );
  await worker.end();
  // A log that holds such an event all the same, and the columns of an erased job.
  await database.query(
    `INSERT INTO audit_events (event_id, job_id, action, writer, bytes) VALUES ($1, $2, 'values.erased', 'fixpoint_worker', $3)`,
    [(JSON.parse(forged) as { eventId: string }).eventId, job, forged],
  );
  await database.query('INSERT INTO audit_unchained SELECT max(n) FROM audit_events');
  await database.query('UPDATE jobs SET erased_at = now(), salt = NULL WHERE id = $1', [job]);
  await chained();
  expect((await search(`job=${job}`))[0]).toMatchObject({
    verified: false,
    problem: 'no chained event says that the values were erased',
  });
});
