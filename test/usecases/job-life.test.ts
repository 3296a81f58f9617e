import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { verifyAudit } from '../../src/cli/audit.js';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { createPostgresCarrier } from '../../src/adapters/bullmq/index.js';
import { anEndpoint } from '../support/hosts.js';
import { addLocalTarget, startTestProduct, type TestProduct, type Who } from '../support/product.js';

let product: TestProduct;
let admin: pg.Client;
beforeAll(async () => {
  product = await startTestProduct();
  await addLocalTarget(product);
  admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await admin.connect();
}, 90_000);
afterAll(async () => {
  await admin?.end();
  await product?.stop();
}, 60_000);

const ENDS = [
  'succeeded',
  'failed',
  'blocked',
  'unknown',
  'needs-attention',
  'rolled-back',
  'rollback-failed',
  'expired',
  'cancelled',
  'waiting',
];
const newFolder = () => mkdtempSync('/tmp/fxj-');
const text = (folder: string, name: string) =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;
const effects = (folder: string) => (text(folder, '.ledger') ?? '').split('\n').filter(Boolean).length;

async function planned(runbook: string, parameters: object, who: Who = 'helpdesk') {
  const { status, body } = await product.call(who, 'POST', '/v1/jobs', {
    runbook,
    target: 'box',
    parameters,
    reason: 'test',
  });
  expect([status, body]).toEqual([201, expect.anything()]);
  return product.until(body.id, ['awaiting-approval', 'compliant', 'blocked', 'deferred']);
}
const decide = (job: any, who: Who = 'approver', more: object = {}) =>
  product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, {
    decision: 'approve',
    planDigest: job.plan.digest,
    reason: 'ok',
    ...more,
  });
const actions = async (id: string) => {
  const { rows } = await admin.query<{ action: string; bytes: string }>(
    'SELECT action, bytes FROM audit_events WHERE job_id = $1 ORDER BY n',
    [id],
  );
  return rows.map(({ action }) => action);
};

describe('a remediation', () => {
  it('is planned without touching anything, approved by another, applied, and proved by its own empty plan', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a', 'b'], text: 'x' });
    expect(job.plan.changes).toHaveLength(2);
    expect(text(directory, 'a')).toBeUndefined();
    expect((await decide(job)).status).toBe(200);
    const done = await product.until(job.id, ENDS);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'fixed', progress: { done: 2, of: 2 }, partial: false });
    expect(done.proofs[0].source).toBe('reported by the target');
    expect([text(directory, 'a'), text(directory, 'b')]).toEqual(['x', 'x']);
    expect(await actions(job.id)).toEqual([
      'job.submitted',
      'job.planning-started',
      'job.planned',
      'job.decided',
      'job.approved',
      'job.claimed',
      'grant.used',
      'change.intent',
      'change.result',
      'change.intent',
      'change.result',
      'job.succeeded',
    ]);
    expect((await planned('set-file-text', { directory, names: ['a', 'b'], text: 'x' })).state).toBe('compliant');
  });

  it('is put back by a rollback of its own, newest first, and only from what it left', async () => {
    const directory = newFolder();
    writeFileSync(join(directory, 'b'), 'old');
    const job = await planned('set-file-text', { directory, names: ['a', 'b'], text: 'x' });
    await decide(job);
    await product.until(job.id, ENDS);
    const { body } = await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'undo' });
    const undo = await product.until(body.id, ['awaiting-approval', 'blocked']);
    expect(undo.plan.changes.map((c: any) => [c.resource.slice(-1), c.before, c.after])).toEqual([
      ['b', 'x', 'old'],
      ['a', 'x', null],
    ]);
    await decide(undo);
    expect(await product.until(undo.id, ENDS)).toMatchObject({ state: 'succeeded', outcome: 'fixed' });
    expect([text(directory, 'a'), text(directory, 'b')]).toEqual([undefined, 'old']);
    const again = await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'again' });
    expect((await product.until(again.body.id, ['awaiting-approval', 'blocked'])).code).toBe('state-drift');
  });

  it('that somebody else did meanwhile ends already-fine, nothing of it ours', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    writeFileSync(join(directory, 'a'), 'x');
    await decide(job);
    expect(await product.until(job.id, ENDS)).toMatchObject({
      state: 'succeeded',
      outcome: 'already-fine',
      changes: [{ result: 'in-place' }],
    });
    expect(effects(directory)).toBe(0);
  });

  it('drifts to a new approval when the world changed, and to a person the third time', async () => {
    const directory = newFolder();
    let job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    for (const drift of [1, 2, 3]) {
      writeFileSync(join(directory, 'a'), `other ${drift}`);
      const old = job.plan.digest;
      await decide(job, drift % 2 === 1 ? 'approver' : 'approver2');
      job = await product.until(job.id, drift === 3 ? ['needs-attention'] : ['awaiting-approval']);
      expect(job).toMatchObject({ code: 'state-drift', drifts: drift });
      if (drift < 3) expect(job.plan.digest).not.toBe(old);
    }
    expect(effects(directory)).toBe(0);
    expect(
      (await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/settle`, { resolution: 'in-place', reason: 'x' }))
        .status,
    ).toBe(403);
    const settled = await product.call('operator', 'POST', `/v1/jobs/${job.id}/settle`, {
      resolution: 'not-in-place',
      reason: 'looked',
    });
    expect(settled.body).toMatchObject({ state: 'failed', code: 'not-in-place' });
  });
});

describe('what goes wrong in a runbook', () => {
  it('fails after its first change, partial, with the code of the script', async () => {
    const directory = newFolder();
    const job = await planned('fails-in-apply', { directory, names: ['a', 'bad', 'c'], text: 'x' });
    await decide(job);
    expect(await product.until(job.id, ENDS)).toMatchObject({
      state: 'failed',
      code: 'directory-refused',
      partial: true,
      changes: [{ result: 'changed' }, { result: 'failed', code: 'directory-refused' }, { result: 'open' }],
    });
    expect(text(directory, 'c')).toBeUndefined();
  });

  it('puts back its own changes when the approver said so', async () => {
    const directory = newFolder();
    const job = await planned('fails-in-apply', { directory, names: ['a', 'bad'], text: 'x' });
    await decide(job, 'approver', { onFailure: 'rollback' });
    expect(await product.until(job.id, ENDS)).toMatchObject({
      state: 'rolled-back',
      changes: [{ result: 'changed', undo: 'changed' }, { result: 'failed' }],
    });
    expect(text(directory, 'a')).toBeUndefined();
  });

  it('waits for a proof that never comes, then fails not-settled', async () => {
    const directory = newFolder();
    const job = await planned('never-proves', { directory, names: ['a'], text: 'x' });
    await decide(job);
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'waiting', code: 'ad-replication' });
    expect(await product.until(job.id, ['failed', 'succeeded'])).toMatchObject({
      state: 'failed',
      code: 'not-settled',
    });
  });

  it('settles a change that overran its deadline by looking at the target', async () => {
    const directory = newFolder();
    const job = await planned('times-out', { directory, names: ['a'], text: 'x' });
    await decide(job);
    expect((await product.until(job.id, ['unknown'])).changes[0].result).toBe('unknown');
    const done = await product.until(job.id, ['succeeded', 'failed', 'needs-attention']);
    expect(done).toMatchObject({ state: 'succeeded', changes: [{ result: 'in-place' }] });
    expect(effects(directory)).toBe(1);
  }, 60_000);

  it('takes garbage for an unheard result, not for success', async () => {
    const directory = newFolder();
    const job = await planned('prints-garbage', { directory, names: ['a'], text: 'x' });
    await decide(job);
    expect((await product.until(job.id, ['unknown', 'succeeded'])).code).toBe('malformed-output');
    expect(await product.until(job.id, ['succeeded', 'failed', 'needs-attention'])).toMatchObject({
      state: 'succeeded',
      outcome: 'already-fine',
    });
  }, 60_000);

  it('blocks a Detect that contradicts its Plan', async () => {
    expect(await planned('lies-in-detect', { directory: newFolder(), names: ['a'], text: 'x' })).toMatchObject({
      state: 'blocked',
      code: 'malformed-output',
    });
  });

  it('never repeats a once change whose result was not heard: a person decides', async () => {
    const directory = newFolder();
    const job = await planned('once', { directory, names: ['a'], text: 'x' });
    await decide(job);
    await product.until(job.id, ENDS);
    // As if the worker had died right after the intent, before any effect.
    const other = await planned('once', { directory, names: ['b'], text: 'x' });
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await decide(other);
    await admin.query(
      "UPDATE jobs SET state = 'running', epoch = epoch + 1, lease_until = now() - interval '1 s', wake_at = now() WHERE id = $1",
      [other.id],
    );
    await admin.query(
      "INSERT INTO change_journal (job_id, change_id, direction, attempt, epoch) VALUES ($1, $2, 'apply', 1, 1)",
      [other.id, other.plan.changes[0].id],
    );
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(other.id, ['needs-attention', 'succeeded', 'failed'])).toMatchObject({
      state: 'needs-attention',
      code: 'unheard-once',
    });
    expect(text(directory, 'b')).toBeUndefined();
  }, 60_000);
});

describe('approval', () => {
  it('is never the requester’s, and never by somebody without the role', async () => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' }, 'both');
    expect(await decide(job, 'both')).toMatchObject({ status: 403, body: { code: 'own-request' } });
    expect(await decide(job, 'operator')).toMatchObject({ status: 403, body: { code: 'not-an-approver' } });
    expect(await decide(job, 'helpdesk2')).toMatchObject({ status: 404, body: { code: 'job-not-found' } });
    expect(await decide(job, 'approver', { planDigest: '0'.repeat(64) })).toMatchObject({
      status: 409,
      body: { code: 'plan-changed' },
    });
    expect(await decide(job, 'approver', { decision: 'reject' })).toMatchObject({
      status: 200,
      body: { state: 'rejected' },
    });
    expect(await decide(job, 'approver2')).toMatchObject({ status: 409, body: { code: 'not-awaiting-approval' } });
  });

  it('needs two people where it cannot be undone, and each counts once', async () => {
    const directory = newFolder();
    const job = await planned('irreversible', { directory, names: ['a'], text: 'x' });
    expect(job.plan).toMatchObject({ risk: 'R3', approvalsRequired: 2 });
    expect((await decide(job)).body.state).toBe('awaiting-approval');
    expect(await decide(job)).toMatchObject({ status: 409, body: { code: 'already-decided' } });
    expect((await decide(job, 'approver2')).status).toBe(200);
    expect((await product.until(job.id, ENDS)).state).toBe('succeeded');
    expect(await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/rollback`, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'no-rollback' },
    });
  });
});

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
      "UPDATE jobs SET requester = replace(requester, 'helpdesk', 'helpdesk2') WHERE id = $1",
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

  it('the scope of a credential stops the job', async () => {
    const endpoint = await anEndpoint();
    const { host, port, user, hostKey } = endpoint.sshd;
    const path = join(product.home, 'credentials.json');
    const write = (tiers: number[]) => {
      const entry = (use: string) => ({
        reference: `secret://file${endpoint.identityFile}`,
        use: [use],
        targets: ['scoped'],
        tiers,
      });
      writeFileSync(path, JSON.stringify({ credentials: { r: entry('detect'), w: entry('apply') } }), { mode: 0o600 });
    };
    try {
      write([2]);
      await product.call('admin', 'POST', '/v1/targets', {
        name: 'scoped',
        kind: 'server',
        transport: { type: 'ssh', host, port, user, hostKey },
        credentials: { detect: 'r', apply: 'w' },
        tier: 2,
        site: 'test',
        tags: [],
      });
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
      write([1, 2]);
      await product.call('operator', 'DELETE', '/v1/freeze');
      expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'blocked', code: 'credential-changed' });
      expect(text(directory, 'a')).toBeUndefined();
      expect(await actions(job.id)).toContain('job.blocked');
    } finally {
      await endpoint.stop();
    }
  }, 60_000);

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

describe('what is forged runs nothing', () => {
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
    for (let i = 0; i < 50 && !(await actions(job.id)).includes('job.decision-refused'); i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await actions(job.id)).toContain('job.decision-refused');
    expect((await product.until(job.id, ['awaiting-approval'])).state).toBe('awaiting-approval');
  });

  it('a decision that comes after the job has ended is refused on record, and holds up none behind it', async () => {
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

  it('messages put into the carrier: unknown ids, doubles, somebody else’s job', async () => {
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
    const forger = createPostgresCarrier({ url: product.urls.carrier, log: () => undefined });
    try {
      const forged = ['01890000-0000-7000-8000-000000000001', job.id, 'x', "'; DROP TABLE jobs"].flatMap((jobId) =>
        Array.from({ length: 25 }, (_, i) => ({ id: `m-${randomUUID()}`, jobId, priority: (i % 5) + 1 })),
      );
      await forger.send('default', forged);
      for (let i = 0; i < 100 && (await forger.live('default')).size > 0; i++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await forger.live('default')).size).toBe(0);
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
    ['carrier', 'SELECT 1 FROM jobs'],
  ] as const)('the role %s may not: %s', async (role, sql) => {
    const client = new pg.Client({ connectionString: product.urls[role] });
    await client.connect();
    try {
      await expect(client.query(sql)).rejects.toThrow(/permission denied|does not exist/);
    } finally {
      await client.end();
    }
  });

  it('not even the owner changes what was audited', async () => {
    await expect(admin.query("UPDATE audit_events SET bytes = ''")).rejects.toThrow('append-only');
    await expect(admin.query('TRUNCATE audit_chain')).rejects.toThrow('append-only');
  });
});

describe('cancelling', () => {
  it('ends a job that has not begun, and frees its grant', async () => {
    const job = await planned('set-file-text', { directory: newFolder(), names: ['a'], text: 'x' });
    expect((await product.call('helpdesk2', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'not mine' })).status).toBe(
      404,
    );
    expect(
      (await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'no need' })).body.state,
    ).toBe('cancelled');
    expect((await product.call('helpdesk', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'again' })).body.code).toBe(
      'already-ended',
    );
  });

  it('stops a running job at its next boundary', async () => {
    const directory = newFolder();
    const names = Array.from({ length: 20 }, (_, i) => `f${i}`);
    const job = await planned('set-file-text', { directory, names, text: 'x' });
    await decide(job);
    await product.until(job.id, ['running']);
    await product.call('operator', 'POST', `/v1/jobs/${job.id}/cancel`, { reason: 'stop' });
    const ended = await product.until(job.id, ['cancelled', 'succeeded']);
    expect(ended.progress.done).toBe(effects(directory));
  });
});

it('two jobs on one object never overlap, and both end', async () => {
  const directory = newFolder();
  const jobs = await Promise.all(
    ['x', 'y'].map((value) => planned('set-file-text', { directory, names: [value], text: value })),
  );
  await Promise.all(jobs.map((job, i) => decide(job, i === 0 ? 'approver' : 'approver2')));
  for (const job of jobs) expect((await product.until(job.id, ENDS, 40_000)).state).toBe('succeeded');
  const { rows } = await admin.query(
    "SELECT bytes::jsonb->>'job' AS job, action FROM audit_events WHERE job_id = ANY($1) AND action IN ('job.claimed', 'job.succeeded') ORDER BY n",
    [jobs.map(({ id }) => id)],
  );
  expect(rows.map(({ action }) => action)).toEqual(['job.claimed', 'job.succeeded', 'job.claimed', 'job.succeeded']);
}, 60_000);

it('after all of this the audit log verifies, and a forged line does not', async () => {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const exported = (await product.call('auditor', 'GET', '/v1/audit/export')).body as string;
  const file = join(product.home, 'export.jsonl');
  writeFileSync(file, exported);
  const keys = join(product.home, 'keys', 'grant-public.json');
  const verdict = await verifyAudit({ file, keys });
  expect(verdict).toMatchObject({ ok: true });
  expect(verdict.events).toBeGreaterThan(150);
  writeFileSync(file, exported.replace('job.rejected', 'job.approved'));
  expect((await verifyAudit({ file, keys })).ok).toBe(false);
});
