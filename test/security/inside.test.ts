import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { LoginRole } from '../../src/adapters/postgres/index.js';
import {
  actions,
  admin,
  decide,
  effects,
  ENDS,
  newFolder,
  planned,
  product,
  text,
  withProduct,
} from '../support/jobs.js';
import { until } from '../support/patience.js';

/** Whoever holds one database role of the product: what they can write, and that nothing of it runs. */

withProduct();

/** Runs statements as a role; the last answer. */
async function as(
  role: LoginRole,
  ...statements: readonly (readonly [string, ...unknown[]])[]
): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: product.urls[role] });
  await client.connect();
  try {
    let answer: pg.QueryResult | undefined;
    for (const [sql, ...values] of statements) answer = await client.query(sql, values);
    return answer as pg.QueryResult;
  } finally {
    await client.end();
  }
}
const message = (id: string): readonly [string, ...unknown[]] => [
  "INSERT INTO outbox (id, job_id, pool, priority) VALUES (gen_random_uuid(), $1, 'default', 1)",
  id,
];
/** A copy of a job in another person's name, as the API would insert it, and its message. */
const COPY = `INSERT INTO jobs (id, kind, state, runbook_id, runbook_version, content_digest, target_id, target_name, target,
    target_digest, pool, parameters, salt, requester_id, requester, reason)
  SELECT $2, kind, 'planning', runbook_id, runbook_version, content_digest, target_id, target_name, target,
    target_digest, pool, parameters, salt, 'admin', '{"id":"admin","name":"The admin","roles":["admin"]}', reason
  FROM jobs WHERE id = $1`;

async function ended(directory: string) {
  const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
  await decide(job);
  await product.until(job.id, ENDS);
  return job;
}

describe('the role of the worker', () => {
  it('cannot set an ended job going again, in whatever name', async () => {
    const directory = newFolder();
    const job = await ended(directory);
    writeFileSync(join(directory, 'a'), '');
    await expect(as('worker', ["UPDATE jobs SET state = 'planning' WHERE id = $1", job.id])).rejects.toThrow(
      'has ended',
    );
    for (const set of [`requester = '{"id":"admin","name":"A","roles":[]}'`, "content_digest = repeat('a', 64)"])
      await expect(as('worker', [`UPDATE jobs SET ${set} WHERE id = $1`, job.id])).rejects.toThrow('permission denied');
    await as('worker', message(job.id));
    await until('the message is taken', async () => {
      const { rows } = await admin.query('SELECT 1 FROM outbox WHERE job_id = $1 AND taken_at IS NULL', [job.id]);
      return rows.length === 0;
    });
    expect(effects(directory)).toBe(1);
  });

  it('cannot turn a granted job into its opposite, nor widen its window', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await decide(job);
    for (const set of ["kind = 'rollback-of'", "execute_by = now() + interval '9 days'", "on_failure = 'rollback'"])
      await expect(as('worker', [`UPDATE jobs SET ${set} WHERE id = $1`, job.id])).rejects.toThrow(
        /permission denied|may not give a job a grant/,
      );
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'succeeded' });
  });

  it('cannot send a job past its approval', async () => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    const { rows } = await admin.query<{ jti: string }>('SELECT jti FROM grants LIMIT 1');
    await expect(
      as('worker', ["UPDATE jobs SET state = 'queued', grant_jti = $2 WHERE id = $1", job.id, rows[0]?.jti]),
    ).rejects.toThrow(/may not (move|give) a job/);
  });
});

describe('the role of the API', () => {
  it('cannot give its own request another requester, and then approve it', async () => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' }, 'both');
    expect((await decide(job, 'both')).body.code).toBe('own-request');
    await expect(
      as('api', [
        `UPDATE jobs SET requester_id = 'helpdesk', requester = $2 WHERE id = $1`,
        job.id,
        '{"id":"helpdesk"}',
      ]),
    ).rejects.toThrow('permission denied');
  });

  it('cannot insert a job that nobody submitted', async () => {
    const donor = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    await expect(as('api', [COPY, donor.id, randomUUID()])).rejects.toThrow('needs the audit event of its submission');
  });

  it('cannot have a job approved that nobody submitted, however it came there', async () => {
    const directory = newFolder();
    const donor = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    const id = randomUUID();
    await admin.query(COPY, [donor.id, id]);
    await as('api', message(id));
    const forged = await product.until(id, ['awaiting-approval', 'blocked']);
    expect((await decide(forged)).body).toMatchObject({ code: 'request-changed' });
    expect(text(directory, 'a')).toBeUndefined();
    expect(await actions(id)).toEqual(expect.arrayContaining(['job.decision-refused']));
    expect(await actions(id)).not.toContain('job.approved');
  });

  it('cannot approve by inserting a grant or moving a job itself', async () => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    await expect(as('api', ["UPDATE jobs SET state = 'queued' WHERE id = $1", job.id])).rejects.toThrow('may not move');
    await expect(as('api', ['UPDATE jobs SET grant_jti = gen_random_uuid() WHERE id = $1', job.id])).rejects.toThrow(
      'permission denied',
    );
  });
});

describe('the role of authority', () => {
  it.each(["state = 'succeeded'", "plan_digest = 'x'", "parameters = '{}'", 'epoch = 9'])(
    'cannot write %s: it judges, and plans and runs nothing',
    async (set) => {
      const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
      await expect(as('authority', [`UPDATE jobs SET ${set} WHERE id = $1`, job.id])).rejects.toThrow(
        /permission denied|may not move a job/,
      );
    },
  );
});

describe('a stored request that is changed by the owner of the database', () => {
  it.each<[string, string]>([
    ['the reason', `UPDATE jobs SET reason = 'another' WHERE id = $1`],
    ['the ticket', `UPDATE jobs SET ticket = 'INC1' WHERE id = $1`],
    ['the requester', `UPDATE jobs SET requester = replace(requester, 'The helpdesk', 'Another') WHERE id = $1`],
    ['what it replaces', 'UPDATE jobs SET supersedes = gen_random_uuid() WHERE id = $1'],
  ])('is told before the approval: %s', async (_, sql) => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    await admin.query(sql, [job.id]);
    expect((await decide(job)).body).toMatchObject({ code: 'request-changed' });
  });

  it.each<[string, string]>([
    ['the reason', `UPDATE jobs SET reason = 'another' WHERE id = $1`],
    ['the kind', `UPDATE jobs SET kind = 'rollback-of' WHERE id = $1`],
  ])('is told before the run: %s', async (_, sql) => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await decide(job);
    await admin.query(sql, [job.id]);
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'blocked', code: 'request-changed' });
    expect(text(directory, 'a')).toBeUndefined();
  });
});
