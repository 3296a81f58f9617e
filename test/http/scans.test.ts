import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { endScans } from '../../src/usecases/scans/end-scans.js';
import { command } from '../support/command-line.js';
import { actions, admin, newFolder, product, text, withProduct } from '../support/jobs.js';
import { createPatience } from '../support/patience.js';
import type { Who } from '../support/people.js';

withProduct();

const RUNBOOK = 'set-file-text';
const item = (directory: string, names: readonly string[]) => ({
  target: 'box',
  parameters: { directory, names, text: 'wanted' },
});
const submit = (items: readonly object[], more: object = {}, who: Who = 'helpdesk') =>
  product.call(who, 'POST', '/v1/scans', { runbook: RUNBOOK, reason: 'nightly', items, expect: items.length, ...more });
const get = async (path: string, who: Who = 'admin') => product.call(who, 'GET', path);
const run = (who: Who, ...words: string[]) =>
  command({ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens[who], FIXPOINT_HOME: product.home }, ...words);

/** A folder in which these files hold what the scans of this file look for. */
function folderWith(...names: readonly string[]): string {
  const folder = newFolder();
  for (const name of names) writeFileSync(join(folder, name), 'wanted');
  return folder;
}

async function ended(id: string): Promise<any> {
  const patience = createPatience(`scan ${id}`);
  for (;;) {
    await endScans(product.api.context);
    const { body } = await get(`/v1/scans/${id}`);
    if (body.endedAt !== null || patience.isOver(JSON.stringify(body.counts))) return body;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
async function scanned(items: readonly object[], who: Who = 'helpdesk'): Promise<any> {
  const made = await submit(items, {}, who);
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ count: items.length, endedAt: null })]);
  return ended(made.body.id);
}

describe('a scan', () => {
  it('is cancelled as a whole by whoever may cancel each item, and keeps what it found', async () => {
    const done = folderWith('a');
    await product.stopWorker();
    const { body } = await submit([item(done, ['a']), item(newFolder(), ['a'])]);
    const cancel = (who: Who, id = body.id) =>
      product.call(who, 'POST', `/v1/scans/${id}/cancel`, { reason: 'wrong parameters' });
    expect((await cancel('helpdesk2')).body.code).toBe('scan-not-found');
    expect((await cancel('auditor')).status).toBe(403);
    const cancelled = await cancel('helpdesk');
    expect([cancelled.status, cancelled.body.counts]).toMatchObject([200, { cancelled: 2, planning: 0 }]);
    await product.startWorker();
    const scan = await ended(body.id);
    expect(scan.items.map(({ status, state }: any) => [status, state])).toEqual([
      ['cancelled', 'cancelled'],
      ['cancelled', 'cancelled'],
    ]);
    expect(await actions(scan.items[0].job)).toEqual(['job.submitted', 'job.cancel-requested', 'job.cancelled']);
    expect((await cancel('helpdesk')).body.code).toBe('scan-ended');
    const words = await run('helpdesk', 'scan', 'cancel', body.id, '--reason', 'again');
    expect([words.code, words.text]).toEqual([1, expect.stringContaining('Every item of the scan has ended.')]);
  });

  it('says of each item what would have to be done, and changes nothing', async () => {
    const [fine, half] = [folderWith('a', 'b'), folderWith('a')];
    const scan = await scanned([item(fine, ['a', 'b']), item(half, ['a', 'b', 'c']), item('/gone/folder', ['a'])]);
    expect(scan.items.map(({ status, changes }: any) => [status, changes])).toEqual([
      ['compliant', 0],
      ['drifted', 2],
      [expect.stringMatching(/drifted|failed/), expect.any(Number)],
    ]);
    expect(scan.counts).toMatchObject({ compliant: 1, planning: 0 });
    const [, drifted] = scan.items;
    expect(drifted).toMatchObject({ state: 'drifted', risk: 'R1', actions: [{ action: 'write-file', count: 2 }] });
    const job = (await get(`/v1/jobs/${drifted.job}`)).body;
    expect(job).toMatchObject({ kind: 'scan', state: 'drifted', problem: null, scan: { id: scan.id, index: 1 } });
    expect(job.plan.digest).toBe(drifted.plan);
    expect([text(half, 'b'), text(half, 'c')]).toEqual([undefined, undefined]);
    expect(await actions(drifted.job)).toEqual(['job.submitted', 'job.planning-started', 'job.scanned']);
    const { rows } = await admin.query<{ action: string; data: any }>(
      `SELECT action, bytes::jsonb->'data' AS data FROM audit_events WHERE bytes::jsonb->'data'->>'scan' = $1
         AND action LIKE 'scan.%' ORDER BY n`,
      [scan.id],
    );
    expect(rows.map(({ action }) => action)).toEqual(['scan.submitted', 'scan.ended']);
    expect(rows[0]?.data).toMatchObject({ count: 3, scanSha256: scan.requestDigest, itemsSha256: scan.itemsDigest });
    expect(rows[1]?.data).toMatchObject({ compliant: scan.counts.compliant, drifted: scan.counts.drifted });
  });

  it('cannot be approved, rejected, rolled back or replaced, and counts for no limit of requests', async () => {
    const scan = await scanned([item(newFolder(), ['a'])]);
    const [{ job, plan }] = scan.items;
    for (const decision of ['approve', 'reject'])
      expect(
        (
          await product.call('approver', 'POST', `/v1/jobs/${job}/decision`, {
            decision,
            planDigest: plan,
            reason: 'ok',
          })
        ).body.code,
      ).toBe('scan-only');
    expect((await product.call('helpdesk', 'POST', `/v1/jobs/${job}/rollback`, { reason: 'x' })).body.code).toBe(
      'nothing-to-undo',
    );
    expect((await product.call('helpdesk', 'POST', `/v1/jobs/${job}/cancel`, { reason: 'x' })).body.code).toBe(
      'already-ended',
    );
    const body = { runbook: RUNBOOK, ...item(newFolder(), ['a']), reason: 'x', supersedes: job };
    expect((await product.call('helpdesk', 'POST', '/v1/jobs', body)).body.code).toBe('not-supersedable');
    const counted = await product.api.context.queries.countRecent(
      'helpdesk',
      (await admin.query<{ target_id: string }>('SELECT DISTINCT target_id FROM jobs')).rows.map(
        (row) => row.target_id,
      ),
      new Date(0),
    );
    expect([...counted.values()].reduce((sum, each) => sum + each, 0)).toBe(0);
  });

  it('is the same one where its request is repeated', async () => {
    const items = [item(newFolder(), ['a'])];
    const key = { 'idempotency-key': 'scan-once' };
    const body = { runbook: RUNBOOK, reason: 'nightly', items, expect: 1 };
    const first = await product.call('helpdesk', 'POST', '/v1/scans', body, key);
    const again = await product.call('helpdesk', 'POST', '/v1/scans', body, key);
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    const other = await product.call('helpdesk', 'POST', '/v1/scans', { ...body, reason: 'x' }, key);
    expect(other.body.code).toBe('idempotency-mismatch');
    await ended(first.body.id);
  });
});

describe('a list of a scan', () => {
  const one = () => item(newFolder(), ['a']);

  it.each<[string, object]>([
    ['selection-empty', { items: [], expect: 1 }],
    ['selection-unbounded', { items: undefined, select: {}, expect: 1 }],
    ['selection-unclear', { items: undefined, expect: 1 }],
    ['selection-unclear', { select: { sites: ['hq'] } }],
    ['count-mismatch', { expect: 2 }],
    ['runbook-not-found', { runbook: 'no-such-runbook' }],
    ['scan-refused', { items: [{ target: 'nowhere', parameters: {} }] }],
    ['invalid-request', { expect: 501 }],
  ])('is refused with %s (%o), and nothing is stored', async (code, more) => {
    const before = await admin.query('SELECT count(*) FROM scans');
    expect((await submit([one()], more)).body.code).toBe(code);
    expect((await admin.query('SELECT count(*) FROM scans')).rows).toEqual(before.rows);
  });

  it('may be a filter, resolved when it is submitted', async () => {
    const parameters = item(folderWith('a'), ['a']).parameters;
    const made = await submit([], { items: undefined, select: { names: ['box'] }, parameters, expect: 1 });
    expect((await ended(made.body.id)).items).toMatchObject([{ target: 'box', status: 'compliant', parameters }]);
  });

  it('is not asked for by an approver or an auditor', async () => {
    for (const who of ['approver', 'auditor'] as const)
      expect((await submit([one()], {}, who)).body.code).toBe('not-allowed');
  });
});

describe('who may read a scan', () => {
  it('is its requester and whoever sees every job of it', async () => {
    const scan = await scanned([item(folderWith('a'), ['a'])], 'operator');
    const codes = [];
    for (const who of ['helpdesk', 'approver', 'operator', 'auditor'] as const)
      codes.push((await get(`/v1/scans/${scan.id}`, who)).status);
    expect(codes).toEqual([404, 200, 200, 200]);
    const listed = (await get('/v1/scans?limit=100', 'helpdesk')).body.items;
    expect(listed.every(({ requester }: any) => requester.id === 'helpdesk')).toBe(true);
    expect((await get('/v1/scans?limit=1', 'auditor')).body.items[0].id).toBe(scan.id);
    expect((await get(`/v1/scans/${scan.id}/report`, 'helpdesk')).body.code).toBe('scan-not-found');
    expect((await get('/v1/scans/not-an-id')).body.code).toBe('scan-not-found');
  });
});

describe('reports and compliance', () => {
  it('list each item, and what changed between two scans', async () => {
    const folder = folderWith('a');
    const items = [item(folder, ['a', 'b']), item(folderWith('a'), ['a'])];
    const first = await scanned(items);
    writeFileSync(join(folder, 'b'), 'wanted');
    const second = await scanned(items);
    const report = (await get(`/v1/scans/${first.id}/report`)).body;
    expect(report.items.map(({ status }: any) => status)).toEqual(['drifted', 'compliant']);
    const csv = (await get(`/v1/scans/${first.id}/report?format=csv`)).body as string;
    const [head, line] = csv.split('\n');
    expect(head).toBe('index,target,parameters,status,changes,actions,risk,code,plan,job');
    expect(line).toContain(',drifted,1,write-file: 1,R1,,');
    const since = encodeURIComponent(first.submittedAt);
    const { body } = await get(`/v1/compliance?runbook=${RUNBOOK}&since=${since}`);
    expect(body.scans.map(({ scan, counts }: any) => [scan, counts.compliant, counts.drifted])).toEqual([
      [first.id, 1, 1],
      [second.id, 2, 0],
    ]);
    expect(body.scans[0].changed).toEqual([]);
    expect(body.scans[1].changed).toMatchObject([
      { name: 'box', before: { status: 'drifted', changes: 1 }, after: { status: 'compliant', changes: 0 } },
    ]);
    expect((await get(`/v1/compliance?runbook=${RUNBOOK}&limit=1`)).body.scans).toHaveLength(1);
    expect((await get('/v1/compliance?runbook=no-such-runbook')).body.code).toBe('invalid-query');
  });

  it('are commands too', async () => {
    const folder = folderWith('a');
    const words = [RUNBOOK, `directory=${folder}`, 'names=b', 'text=wanted', '--name', 'box', '--expect', '1'];
    const made = await run('helpdesk', '--json', 'scan', 'submit', ...words, '--reason', 'nightly');
    expect([made.code, made.text]).toEqual([0, expect.stringContaining('"count": 1')]);
    const { id } = JSON.parse(made.text) as { id: string };
    await ended(id);
    expect((await run('helpdesk', 'scan', 'list')).text).toMatch(new RegExp(`${id} .* ended .* 1 drifted`));
    expect((await run('helpdesk', 'scan', 'show', id)).text).toMatch(/box +drifted +1 +write-file: 1/);
    expect((await run('helpdesk', 'scan', 'report', id)).text).toContain('nothing was changed');
    expect((await run('helpdesk', 'scan', 'report', id, '--format', 'csv')).text).toMatch(/^index,target/);
    const trend = await run('helpdesk', 'scan', 'trend', RUNBOOK, '--since', '1h');
    expect([trend.code, trend.text]).toEqual([0, expect.stringMatching(/x+\| 0\/1/)]);
    expect((await run('helpdesk', 'scan', 'trend', RUNBOOK, '--csv')).text).toMatch(/^scan,ended,version,items/);
    const json = JSON.parse((await run('helpdesk', '--json', 'scan', 'trend', RUNBOOK)).text) as { scans: unknown[] };
    expect(json.scans.length).toBeGreaterThan(0);
    expect(
      (await run('helpdesk', 'scan', 'submit', ...words.slice(0, 4), '--reason', 'x', '--expect', '1')).text,
    ).toContain('selection-unbounded');
  });
});

describe('the database', () => {
  async function as(role: 'api' | 'authority' | 'worker', sql: string, ...values: unknown[]) {
    const client = new pg.Client({ connectionString: product.urls[role] });
    await client.connect();
    try {
      return await client.query(sql, values);
    } finally {
      await client.end();
    }
  }

  it('lets no role, and not its owner, grant, decide or change anything of a scan', async () => {
    const scan = await scanned([item(newFolder(), ['a'])]);
    const [{ job, plan }] = scan.items;
    const id = '00000000-0000-7000-8000-0000000000dd';
    const grant = 'INSERT INTO grants (jti, job_id, bytes, signature, kid) VALUES ($1, $2, $3, $3, $3)';
    await expect(as('authority', grant, id, job, 'x')).rejects.toThrow('a scan changes nothing');
    await expect(admin.query(grant, [id, job, 'x'])).rejects.toThrow('a scan changes nothing');
    const decision = `INSERT INTO decisions (id, job_id, plan_digest, decision, person_id, person, reason, proof, decided_at)
      VALUES ($1, $2, $3, 'approve', 'approver', '{}', 'x', '{}', now())`;
    await expect(as('api', decision, id, job, plan)).rejects.toThrow('a scan changes nothing');
    const intent = `INSERT INTO change_journal (job_id, change_id, direction, attempt, epoch) VALUES ($1, 'c', 'apply', 1, 1)`;
    await expect(as('worker', intent, job)).rejects.toThrow('a scan changes nothing');
    await expect(as('worker', `INSERT INTO object_locks (key, job_id) VALUES ('k', $1)`, job)).rejects.toThrow(
      'a scan changes nothing',
    );
  });

  it('keeps a scan out of every state in which something is approved or changed', async () => {
    const planning = `INSERT INTO jobs (id, kind, state, runbook_id, runbook_version, content_digest, target_id, target_name,
        target, target_digest, pool, parameters, requester_id, requester, reason, scan, scan_index)
      SELECT gen_random_uuid(), 'scan', $2, runbook_id, runbook_version, content_digest, target_id, target_name,
        target, target_digest, pool, parameters, requester_id, requester, reason, scan, 499 FROM jobs WHERE id = $1`;
    const scan = await scanned([item(newFolder(), ['a'])]);
    const [{ job }] = scan.items;
    for (const state of ['awaiting-approval', 'queued', 'running', 'succeeded', 'unknown'])
      await expect(admin.query(planning, [job, state])).rejects.toThrow(/a_scan_changes_nothing|nothing_runs/);
    await expect(admin.query(`UPDATE jobs SET grant_jti = gen_random_uuid() WHERE id = $1`, [job])).rejects.toThrow(
      'a_scan_changes_nothing',
    );
    await expect(
      admin.query(`UPDATE jobs SET kind = 'remediation', scan = NULL, scan_index = NULL WHERE id = $1`, [job]),
    ).rejects.toThrow('stays one');
    await expect(as('worker', `UPDATE jobs SET state = 'planning' WHERE id = $1`, job)).rejects.toThrow('has ended');
    // Nothing is added to a scan later, even with the event that a job needs.
    const [{ bytes }] = (
      await admin.query("SELECT bytes FROM audit_events WHERE job_id = $1 AND action = 'job.submitted'", [job])
    ).rows as [{ bytes: string }];
    const other = randomUUID();
    const event = bytes.replaceAll(job, other).replace(/"eventId":"[^"]+"/, `"eventId":"${randomUUID()}"`);
    const adding = planning.replace('gen_random_uuid()', `'${other}'`);
    const both = `WITH added AS (${adding} RETURNING id) SELECT audit_append($3) FROM added`;
    await expect(as('api', both, job, 'planning', event)).rejects.toThrow('no item of its scan');
  });

  it('lets a scan end once, and not before its items have', async () => {
    const ending = 'UPDATE scans SET ended_at = now() WHERE id = $1';
    await product.stopWorker();
    const { id } = (await submit([item(newFolder(), ['a'])])).body;
    await endScans(product.api.context);
    expect((await get(`/v1/scans/${id}`)).body).toMatchObject({ endedAt: null, counts: { planning: 1 } });
    await expect(as('api', ending, id)).rejects.toThrow('not all of its items');
    await product.startWorker();
    await ended(id);
    await expect(as('api', ending, id)).rejects.toThrow('has ended before');
    await expect(as('worker', ending, id)).rejects.toThrow('permission denied');
    await expect(as('api', 'DELETE FROM scans')).rejects.toThrow('permission denied');
    await expect(as('api', "UPDATE scans SET reason = 'x'")).rejects.toThrow('permission denied');
  });

  it('takes no scan without all its items and the event of its submission', async () => {
    const columns =
      'runbook_id, runbook_version, content_digest, pool, requester_id, requester, reason, count, items_digest';
    const copy = `INSERT INTO scans (id, ${columns}) SELECT gen_random_uuid(), ${columns} FROM scans LIMIT 1`;
    await expect(as('api', copy)).rejects.toThrow('needs all its items');
    await expect(as('worker', copy)).rejects.toThrow('permission denied');
  });
});
