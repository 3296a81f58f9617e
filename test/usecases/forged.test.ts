import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createPostgresQueue } from '../../src/adapters/queue/index.js';
import { anEndpoint } from '../support/hosts.js';
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

withProduct();

describe('what changed between approval and run', () => {
  /** Approves under a freeze, changes one thing, lets go. */
  async function tampered(change: (job: any) => Promise<unknown>, parameters: object = {}) {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x', ...parameters });
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await decide(job);
    await change(job);
    await product.call('operator', 'DELETE', '/v1/freeze');
    const ended = await product.until(job.id, ENDS);
    expect(text(directory, 'a')).toBeUndefined();
    expect(await actions(job.id)).toContain('job.blocked');
    return ended;
  }
  const set = (sql: string) => (job: any) => admin.query(sql, [job.id]);

  it.each<[string, string, string]>([
    [
      'a parameter',
      'parameters-changed',
      'UPDATE jobs SET parameters = replace(parameters, \'"x"\', \'"y"\') WHERE id = $1',
    ],
    [
      'the stored target',
      'target-changed',
      'UPDATE jobs SET target = replace(target, \'"site":"test"\', \'"site":"tost"\') WHERE id = $1',
    ],
    [
      'the plan',
      'plan-changed',
      'UPDATE plans SET bytes = replace(bytes, \'"after":"x"\', \'"after":"y"\') WHERE job_id = $1',
    ],
    [
      'the requester',
      'grant-invalid',
      `UPDATE jobs SET requester = replace(requester, '"id":"helpdesk"', '"id":"helpdesk2"') WHERE id = $1`,
    ],
    [
      'a byte of the grant',
      'grant-invalid',
      'UPDATE grants SET bytes = replace(bytes, \'"maxExecutions":1\', \'"maxExecutions":2\') WHERE job_id = $1',
    ],
    ['the signature', 'grant-invalid', "UPDATE grants SET signature = 'AAAA' WHERE job_id = $1"],
    ['what happens on failure', 'grant-invalid', "UPDATE jobs SET on_failure = 'rollback' WHERE id = $1"],
  ])('%s stops the job: %s', async (_, code, sql) => {
    expect(await tampered(set(sql))).toMatchObject({ state: 'blocked', code });
  });

  it('a byte of the runbook stops the job', async () => {
    await admin.query('ALTER TABLE runbook_bundles DISABLE TRIGGER append_only');
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    const digest = job.runbook.contentDigest as string;
    const { rows } = await admin.query<{ bundle: string }>(
      'SELECT bundle FROM runbook_bundles WHERE content_digest = $1',
      [digest],
    );
    try {
      const ended = await tampered(() =>
        admin.query(
          "UPDATE runbook_bundles SET bundle = replace(bundle, 'Writes one file', 'Writes two file') WHERE content_digest = $1",
          [digest],
        ),
      );
      expect(ended).toMatchObject({ state: 'blocked', code: 'runbook-changed' });
    } finally {
      await admin.query('UPDATE runbook_bundles SET bundle = $2 WHERE content_digest = $1', [digest, rows[0]?.bundle]);
      await admin.query('ALTER TABLE runbook_bundles ENABLE TRIGGER append_only');
    }
  });

  it('an edit of the inventory stops the job', async () => {
    const { items } = (await product.call('admin', 'GET', '/v1/targets')).body;
    expect(
      await tampered(() => product.call('admin', 'PATCH', `/v1/targets/${items[0].id}`, { tags: ['new'] })),
    ).toMatchObject({ state: 'blocked', code: 'target-changed' });
  });

  it('another secret behind a credential stops the job, and another target that it may be used on does not', async () => {
    const endpoint = await anEndpoint();
    const { host, port, user, hostKey } = endpoint.sshd;
    const path = join(product.home, 'credentials.json');
    const copy = `${endpoint.identityFile}-copy`;
    copyFileSync(endpoint.identityFile, copy);
    const write = (file: string, targets: string[], tiers = [2]) => {
      const entry = (use: string) => ({ reference: `secret://file${file}`, use: [use], targets, tiers });
      writeFileSync(path, JSON.stringify({ credentials: { r: entry('detect'), w: entry('apply') } }), { mode: 0o600 });
    };
    const approvedThen = async (change: () => void) => {
      const directory = newFolder();
      const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
        runbook: 'set-file-text',
        target: 'scoped',
        parameters: { directory, names: ['a'], text: 'x' },
        reason: 'test',
      });
      const job = await product.until(body.id, ['awaiting-approval', 'blocked', 'deferred']);
      await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
      await decide(job);
      change();
      await product.call('operator', 'DELETE', '/v1/freeze');
      return { ended: await product.until(job.id, ENDS), directory };
    };
    try {
      write(endpoint.identityFile, ['scoped']);
      await product.call('admin', 'POST', '/v1/targets', {
        name: 'scoped',
        kind: 'server',
        transport: { type: 'ssh', host, port, user, hostKey },
        credentials: { detect: 'r', apply: 'w' },
        tier: 2,
        site: 'test',
        tags: [],
      });
      const wider = await approvedThen(() => write(endpoint.identityFile, ['scoped', 'another'], [1, 2]));
      expect(wider.ended).toMatchObject({ state: 'succeeded' });
      const other = await approvedThen(() => write(copy, ['scoped']));
      expect(other.ended).toMatchObject({ state: 'blocked', code: 'credential-changed' });
      expect(text(other.directory, 'a')).toBeUndefined();
      expect(await actions(other.ended.id)).toContain('job.blocked');
      write(endpoint.identityFile, ['scoped']);
      const narrower = await approvedThen(() => write(endpoint.identityFile, ['another']));
      expect(narrower.ended).toMatchObject({ state: 'blocked', code: 'credential-out-of-scope' });
    } finally {
      await endpoint.stop();
    }
  });

  it('a requester who lost the right stops the job', async () => {
    const path = join(product.home, 'people.json');
    const before = readFileSync(path, 'utf8');
    try {
      const ended = await tampered(async () =>
        writeFileSync(
          path,
          before.replace(
            '"helpdesk","name":"The helpdesk","roles":["helpdesk"]',
            '"helpdesk","name":"The helpdesk","roles":["auditor"]',
          ),
        ),
      );
      expect(ended).toMatchObject({ state: 'blocked', code: 'requester-lost-rights' });
    } finally {
      writeFileSync(path, before);
    }
  });
});

describe('forged rows and messages run nothing', () => {
  it('a job set to queued by SQL, with a grant that is not its own', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    const donor = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    await decide(donor);
    await product.until(donor.id, ENDS);
    const { rows } = await admin.query<{ grant_jti: string }>('SELECT grant_jti FROM jobs WHERE id = $1', [donor.id]);
    await admin.query("UPDATE jobs SET state = 'queued', grant_jti = $2, wake_at = now() WHERE id = $1", [
      job.id,
      rows[0]?.grant_jti,
    ]);
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'blocked', code: 'grant-invalid' });
    expect(text(directory, 'a')).toBeUndefined();
  });

  it('a job without a grant cannot even be written as queued', async () => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    await expect(admin.query("UPDATE jobs SET state = 'queued' WHERE id = $1", [job.id])).rejects.toThrow(
      'nothing_runs_without_a_grant',
    );
  });

  it('a decision inserted for the requester is refused by the database, one with a false token by authority', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    const insert = (person: string) =>
      admin.query(
        'INSERT INTO decisions (id, job_id, plan_digest, decision, person_id, person, reason, proof, decided_at) VALUES (gen_random_uuid(), $1, $2, \'approve\', $3, $4, \'x\', \'{"kind":"token","tokenId":"none"}\', now())',
        [job.id, job.plan.digest, person, JSON.stringify({ id: person, name: person, roles: ['approver'] })],
      );
    await expect(insert('helpdesk')).rejects.toThrow('own-request');
    await insert('approver');
    await until('it is refused', async () => (await actions(job.id)).includes('job.decision-refused'));
    expect((await product.until(job.id, ['awaiting-approval'])).state).toBe('awaiting-approval');
  });

  it('a decision on an ended job is refused with an event, and delays no later decision', async () => {
    const parameters = () => ({ directory: newFolder(), names: ['a'], text: 'x' });
    const ended = await planned('set-file-text', parameters());
    await decide(ended, 'approver', { decision: 'reject' });
    await product.until(ended.id, ['rejected']);
    await admin.query(
      'INSERT INTO decisions (id, job_id, plan_digest, decision, person_id, person, reason, proof, decided_at) VALUES (gen_random_uuid(), $1, $2, \'approve\', \'approver2\', $3, \'late\', \'{"kind":"token","tokenId":"none"}\', now())',
      [ended.id, ended.plan.digest, JSON.stringify({ id: 'approver2', name: 'The approver2', roles: ['approver'] })],
    );
    const next = await planned('set-file-text', parameters());
    expect((await decide(next)).body.state).not.toBe('awaiting-approval');
    expect(await actions(ended.id)).toContain('job.decision-refused');
    expect((await product.until(ended.id, ['rejected'])).state).toBe('rejected');
  });

  it('messages put into the queue: unknown ids, duplicates, another person’s job', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    const forger = createPostgresQueue({ url: product.urls.queue, log: () => undefined });
    try {
      const forged = ['01890000-0000-7000-8000-000000000001', job.id, 'x', "'; DROP TABLE jobs"].flatMap((jobId) =>
        Array.from({ length: 25 }, (_, i) => ({ id: `m-${randomUUID()}`, jobId, priority: (i % 5) + 1 })),
      );
      await forger.send('default', forged);
      await until('all are taken', async () => (await forger.live('default')).size === 0);
    } finally {
      await forger.close();
    }
    expect((await product.until(job.id, ['awaiting-approval'])).state).toBe('awaiting-approval');
    expect(effects(directory)).toBe(0);
  });

  it('a finished job set back to queued does nothing again', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    await decide(job);
    await product.until(job.id, ENDS);
    writeFileSync(join(directory, 'a'), '');
    await admin.query("UPDATE jobs SET state = 'queued', outcome = NULL, wake_at = now() WHERE id = $1", [job.id]);
    await product.until(job.id, ['awaiting-approval', 'needs-attention', 'blocked', 'succeeded']);
    expect(effects(directory)).toBe(1);
  });

  it.each([
    [
      'api',
      'INSERT INTO grants (jti, job_id, bytes, signature, kid) SELECT gen_random_uuid(), id, $$$$, $$$$, $$$$ FROM jobs LIMIT 1',
    ],
    [
      'api',
      'INSERT INTO change_journal (job_id, change_id, direction, attempt, epoch) SELECT id, $$c$$, $$apply$$, 1, 1 FROM jobs LIMIT 1',
    ],
    ['api', 'INSERT INTO audit_chain VALUES (1, 1, $$$$, $$$$)'],
    [
      'worker',
      'INSERT INTO grants (jti, job_id, bytes, signature, kid) SELECT gen_random_uuid(), id, $$$$, $$$$, $$$$ FROM jobs LIMIT 1',
    ],
    ['worker', 'INSERT INTO decisions (id) SELECT id FROM decisions LIMIT 1'],
    ['worker', 'SELECT secret_sha256 FROM tokens'],
    ['authority', 'SELECT secret_sha256 FROM tokens'],
    ['authority', 'INSERT INTO grant_use (jti, job_id, epoch) SELECT jti, job_id, 1 FROM grants LIMIT 1'],
    ['relay', 'SELECT parameters FROM jobs'],
    ['relay', 'UPDATE jobs SET state = $$queued$$'],
    ['relay', 'DELETE FROM audit_events'],
    [
      'authority',
      'INSERT INTO audit_events (event_id, action, writer, bytes) VALUES (gen_random_uuid(), $$x$$, $$fixpoint_worker$$, $$$$)',
    ],
    ['queue', 'SELECT 1 FROM jobs'],
  ] as const)('the role %s may not: %s', async (role, sql) => {
    const client = new pg.Client({ connectionString: product.urls[role] });
    await client.connect();
    try {
      await expect(client.query(sql)).rejects.toThrow(/permission denied|does not exist/);
    } finally {
      await client.end();
    }
  });

  it('not even the owner can change the audit log', async () => {
    await expect(admin.query("UPDATE audit_events SET bytes = ''")).rejects.toThrow('append-only');
    await expect(admin.query('TRUNCATE audit_chain')).rejects.toThrow('append-only');
  });
});
