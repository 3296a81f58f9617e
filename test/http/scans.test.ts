import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endedScan as ended } from '../support/ended-scan.js';
import { folderWith, get, item, run, RUNBOOK, scanned, submit } from '../support/scan-requests.js';
import { actions, admin, newFolder, product, text, withProduct } from '../support/jobs.js';
import type { Who } from '../support/people.js';

withProduct();

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
