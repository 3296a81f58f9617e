import { admitStored } from '../support/admitted.js';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { bundleDigest } from '../../src/domain/bundle.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { sha256 } from '../../src/domain/digest.js';
import type { RunbookBundle } from '../../src/domain/manifest.js';
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
  ])('is detected before the approval: %s', async (_, sql) => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    await admin.query(sql, [job.id]);
    expect((await decide(job)).body).toMatchObject({ code: 'request-changed' });
  });

  it.each<[string, string]>([
    ['the reason', `UPDATE jobs SET reason = 'another' WHERE id = $1`],
    ['the kind', `UPDATE jobs SET kind = 'rollback-of' WHERE id = $1`],
  ])('is detected before the run: %s', async (_, sql) => {
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

describe('a runbook whose stored manifest is not the one of its digest', () => {
  /** Another version of a runbook with its text changed, as the owner of the database can insert it; `point` makes it current. */
  async function insertNext(change: (text: string) => string, more: object = {}) {
    const { rows } = await admin.query<{ bundle: string }>(
      `SELECT bundle FROM runbook_bundles WHERE runbook_id = 'set-file-text' ORDER BY loaded_at LIMIT 1`,
    );
    const { files: old } = JSON.parse(rows[0]?.bundle ?? '') as RunbookBundle;
    const files = old.map((file) => {
      const text = file.path.endsWith('runbook.yaml') ? change(file.text) : file.text;
      return { path: file.path, sha256: sha256(text), text };
    });
    const contentDigest = bundleDigest({ files });
    await admin.query(
      "INSERT INTO runbook_bundles (content_digest, runbook_id, version, bundle) VALUES ($1, 'set-file-text', '9', $2)",
      [contentDigest, canonicalJson({ contentDigest, files, ...more })],
    );
    return contentDigest;
  }
  const point = (id: string, digest: string) =>
    admin.query(
      'INSERT INTO runbooks VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET content_digest = excluded.content_digest',
      [id, digest],
    );

  it('is run by what the digest covers: no copy beside it lowers the approvals', async () => {
    const manifest = { id: 'set-file-text', version: '9', approval: { roles: ['helpdesk'], required: { R1: 0 } } };
    const before = (await product.call('helpdesk', 'GET', '/v1/runbooks/set-file-text')).body.contentDigest;
    const digest = await insertNext((text) => text.replace('version: 1.0.0', 'version: 1.0.1'), { manifest });
    await point('set-file-text', digest);
    const shown = (await product.call('helpdesk', 'GET', '/v1/runbooks/set-file-text')).body;
    expect([shown.contentDigest, shown.version, shown.approval.roles]).toEqual([digest, '1.0.1', ['approver']]);
    const wish = {
      runbook: 'set-file-text',
      target: 'box',
      parameters: { directory: newFolder(), names: ['a'], text: 'x' },
    };
    const refused = await product.call('both', 'POST', '/v1/jobs', { ...wish, reason: 'test' });
    expect([refused.status, refused.body.code]).toEqual([409, 'runbook-not-admitted']);
    await admitStored(admin, product.home, { id: 'set-file-text', version: '1.0.1', contentSha256: digest });
    const job = await planned('set-file-text', wish.parameters, 'both');
    expect(job.plan.approvalsRequired).toBe(1);
    await point('set-file-text', before);
  });

  it('is not there under the id of another', async () => {
    const digest = await insertNext((text) => text.replace('version: 1.0.0', 'version: 1.0.2'));
    await point('another', digest);
    const { items } = (await product.call('helpdesk', 'GET', '/v1/runbooks')).body;
    expect(items.map(({ id }: { id: string }) => id)).not.toContain('another');
    expect((await product.call('helpdesk', 'GET', '/v1/runbooks/another')).status).toBe(404);
  });

  it.each<[string, (text: string) => string]>([
    ['no YAML', () => '}{'],
    ['another id than its folder', (text) => text.replace('id: set-file-text', 'id: other')],
    ['a member that the schema does not know', (text) => `${text}\nextra: 1\n`],
  ])('is not there where its manifest is %s', async (_, change) => {
    const digest = await insertNext(change);
    await point('broken', digest);
    expect((await product.call('helpdesk', 'GET', '/v1/runbooks/broken')).status).toBe(404);
    expect((await product.call('helpdesk', 'GET', '/v1/runbooks')).status).toBe(200);
  });

  it('is not there where its text is not what its digest says', async () => {
    const { rows } = await admin.query<{ bundle: string }>('SELECT bundle FROM runbook_bundles LIMIT 1');
    const bundle = rows[0]?.bundle ?? '';
    await admin.query(
      "INSERT INTO runbook_bundles (content_digest, runbook_id, version, bundle) VALUES ($1, 'forged', '9', $2)",
      ['c'.repeat(64), bundle],
    );
    await point('forged', 'c'.repeat(64));
    expect((await product.call('helpdesk', 'GET', '/v1/runbooks/forged')).status).toBe(404);
  });
});
