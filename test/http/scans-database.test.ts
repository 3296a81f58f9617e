import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { endScans } from '../../src/usecases/scans/end-scans.js';
import { endedScan as ended } from '../support/ended-scan.js';
import { admin, newFolder, product, withProduct } from '../support/jobs.js';
import { get, item, scanned, submit } from '../support/scan-requests.js';

withProduct();

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
