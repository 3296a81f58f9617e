import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openCheckpointSigner } from '../../src/adapters/keys/checkpoint-keys.js';
import { newPrivateKey } from '../../src/adapters/keys/key-files.js';
import { auditBytes, linkHash, parseEvent, type ChainedEvent } from '../../src/domain/audit.js';
import { checkpointBody, type Checkpoint } from '../../src/domain/checkpoint.js';
import { checkpointedLog } from '../../src/domain/checkpointed-log.js';
import { sha256 } from '../../src/domain/digest.js';
import { loadDatabase, withDatabase } from '../../src/adapters/postgres/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { examine } from '../../src/installation/doctor/index.js';
import { backup, restore } from '../../src/installation/backup-and-restore.js';
import type { Settings } from '../../src/processes/compose.js';
import { readConfig } from '../../src/processes/config.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';
import { type Who } from '../support/people.js';
import { until } from '../support/patience.js';
import { verifyInPython } from '../support/second-verifier.js';
import { chain, type Entry } from '../security/logs.js';

const scratch = mkdtempSync('/tmp/fxr-');
const folder = join(scratch, 'backup');
const newHome = mkdtempSync('/tmp/fixpoint-tests/restored-');
const silent = () => undefined;
let first: TestProduct | undefined;
let second: TestProduct | undefined;

function settingsOf(home: string): Settings {
  const read = readConfig({ FIXPOINT_HOME: home }, INSTALL_ROOT);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}
const newFolder = () => mkdtempSync(join(scratch, 'files-'));
const effects = (directory: string) => {
  const ledger = join(directory, '.ledger');
  return existsSync(ledger) ? readFileSync(ledger, 'utf8').split('\n').filter(Boolean).length : 0;
};
async function planned(product: TestProduct, runbook: string, directory: string) {
  const parameters = { directory, names: ['a'], text: 'x' };
  const wish = { runbook, target: 'box', parameters, reason: 'test' };
  const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', wish);
  return product.until(body.id, ['awaiting-approval', 'blocked', 'deferred']);
}
const approve = (product: TestProduct, job: { id: string; plan: { digest: string } }, who: Who = 'approver') =>
  product.call(who, 'POST', `/v1/jobs/${job.id}/decision`, {
    decision: 'approve',
    planDigest: job.plan.digest,
    reason: 'ok',
  });
async function asAdmin<T>(product: TestProduct, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
async function accepted(product: TestProduct, id: string, count: number): Promise<void> {
  await until(`${count} decisions on ${id} are accepted`, async () => {
    const { body } = await product.call('admin', 'GET', `/v1/jobs/${id}`);
    return body.approvals.filter(({ status }: { status: string }) => status === 'accepted').length === count;
  });
}

/** Jobs by what they were when the backup was made, and the folder that each changes. */
const jobs = {} as Record<'done' | 'landed' | 'granted' | 'halfApproved', { id: string; directory: string }>;
let head = '';

beforeAll(async () => {
  first = await startTestProduct();
  const product = first;
  await addLocalTarget(product);
  const make = async (name: keyof typeof jobs, runbook: string) => {
    const directory = newFolder();
    const job = await planned(product, runbook, directory);
    jobs[name] = { id: job.id, directory };
    return job;
  };
  const done = await make('done', 'set-file-text');
  await approve(product, done);
  await product.until(done.id, ['succeeded']);
  const landed = await make('landed', 'set-file-text');
  const granted = await make('granted', 'set-file-text');
  const half = await make('halfApproved', 'irreversible');
  await product.call('operator', 'POST', '/v1/freeze', { reason: 'backup' });
  for (const job of [landed, granted]) {
    await approve(product, job);
    await product.until(job.id, ['queued']);
  }
  await approve(product, half);
  await accepted(product, half.id, 1);
  // As a worker leaves a job in the middle of a change that did land: claimed, the grant used, an intent and no result.
  await asAdmin(product, async (client) => {
    const { rows } = await client.query<{ grant_jti: string }>(
      `UPDATE jobs SET state = 'running', state_since = now(), epoch = epoch + 1, worker = 'w', wake_at = NULL,
         lease_until = now() + interval '1 hour' WHERE id = $1 RETURNING grant_jti`,
      [landed.id],
    );
    await client.query('INSERT INTO grant_use VALUES ($1, $2, 1)', [rows[0]?.grant_jti, landed.id]);
    await client.query(
      `INSERT INTO change_journal (job_id, change_id, direction, attempt, epoch) VALUES ($1, $2, 'apply', 1, 1)`,
      [landed.id, landed.plan.changes[0].id],
    );
  });
  writeFileSync(join(jobs.landed.directory, 'a'), 'x');
  ({
    head: { hash: head },
  } = await backup(settingsOf(product.home), folder, silent));
});
afterAll(async () => {
  await first?.stop();
  await second?.stop();
  rmSync(scratch, { recursive: true, force: true });
  rmSync(newHome, { recursive: true, force: true });
});

const checkpoints = join(scratch, 'checkpoints.txt');
/** A checkpoint over everything that is in the log of a product, as authority signs it. */
async function keepCheckpoint(product: TestProduct): Promise<void> {
  await until('all is chained', async () => (await product.api.record.figures.read()).unchained.count === 0);
  const { body } = await product.call('auditor', 'GET', '/v1/audit/export');
  const log = checkpointedLog([]);
  for (const line of (body as string).trimEnd().split('\n')) log.add(JSON.parse(line) as ChainedEvent);
  const { signCheckpoint } = await openCheckpointSigner(join(product.home, 'keys', 'grant.pem'));
  writeFileSync(checkpoints, signCheckpoint(checkpointBody(log.checkpoint() as Checkpoint)));
}
const entriesIn = (exported: string) =>
  exported
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ChainedEvent)
    .map(({ writer, event }): Entry => [writer, event]);
function withoutSignature([writer, text]: Entry): Entry {
  const event = parseEvent(text);
  if (event?.action !== 'record.restored') return [writer, text];
  return [writer, auditBytes({ ...event, data: { ...event.data, signature: '' } })];
}

/** Other rows of a backup, with their digests made to fit. */
function rewrite(of: string, tables: Readonly<Record<string, (text: string) => string>>, end?: object): void {
  const index = JSON.parse(readFileSync(join(of, 'backup.json'), 'utf8'));
  for (const [name, change] of Object.entries(tables)) {
    const text = change(readFileSync(join(of, `${name}.jsonl`), 'utf8'));
    writeFileSync(join(of, `${name}.jsonl`), text);
    index.tables.find((table: { name: string }) => table.name === name).sha256 = sha256(text);
  }
  writeFileSync(join(of, 'backup.json'), JSON.stringify({ ...index, ...end }));
}

/** A backup with an event of authority at its end that holds no signature; its chain holds. */
function malformed(): string {
  const copy = newFolder();
  cpSync(folder, copy, { recursive: true });
  const last = (table: string) =>
    JSON.parse(
      readFileSync(join(copy, `${table}.jsonl`), 'utf8')
        .trimEnd()
        .split('\n')
        .at(-1) ?? '',
    );
  const { keys } = JSON.parse(readFileSync(join(newHome, 'keys', 'grant-public.json'), 'utf8'));
  const [before, end] = [last('audit_events'), last('audit_chain')];
  const [n, seq, writer] = [Number(before.n) + 1000, Number(end.seq) + 1, 'fixpoint_authority'];
  const bytes = auditBytes({
    ...{ v: 1, eventId: '01890000-0000-7000-8000-00000000beef', action: 'target.created', outcome: 'success' },
    ...{
      at: new Date().toISOString(),
      actor: { type: 'service', id: 'x', name: 'x', roles: [] },
      job: null,
      target: null,
    },
    data: { targetId: 't', admission: 'x', signature: 5, kid: keys[0].kid },
  });
  const hash = linkHash(seq, end.hash, writer, bytes);
  const row = {
    ...before,
    n,
    event_id: '01890000-0000-7000-8000-00000000beef',
    action: 'target.created',
    writer,
    bytes,
  };
  const more = (of: object) => (text: string) => `${text}${JSON.stringify(of)}\n`;
  rewrite(
    copy,
    {
      audit_events: more({ ...row, job_id: null, actor_id: 'x' }),
      audit_chain: more({ seq, event_n: n, prev_hash: end.hash, hash }),
    },
    { head: { seq, hash } },
  );
  return copy;
}

describe('a backup', () => {
  it('holds the database and no key, credential or person, in files that only the owner can read', () => {
    const index = JSON.parse(readFileSync(join(folder, 'backup.json'), 'utf8'));
    const rows = (name: string) => index.tables.find((table: { name: string }) => table.name === name)?.rows;
    expect([rows('jobs'), rows('plans'), rows('grants'), rows('grant_use')]).toEqual([4, 4, 3, 2]);
    expect(index.head).toEqual({ seq: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const everything = index.tables
      .map(({ name }: { name: string }) => readFileSync(join(folder, `${name}.jsonl`), 'utf8'))
      .join('');
    expect(everything).not.toContain('PRIVATE KEY');
    // The secret part, which may hold an underscore itself.
    const secrets = Object.values(first?.tokens ?? {}).map((token) => token.slice('fxp_0123456789abcdef_'.length));
    for (const secret of secrets) expect(everything).not.toContain(secret);
    expect(() => JSON.parse(everything.split('\n')[0] ?? '')).not.toThrow();
  });

  it('is refused if it is damaged or forged, or if its head differs from the noted one', async () => {
    const keys = join(newHome, 'keys');
    cpSync(join(first!.home, 'keys'), keys, { recursive: true });
    for (const name of ['people.json', 'credentials.json']) cpSync(join(first!.home, name), join(newHome, name));
    chmodSync(newHome, 0o755);
    const settings = settingsOf(newHome);
    const damaged = join(scratch, 'damaged');
    cpSync(folder, damaged, { recursive: true });
    appendFileSync(join(damaged, 'audit_events.jsonl'), '\n');
    await expect(restore(settings, damaged, {}, silent)).rejects.toMatchObject({ code: 'backup-damaged' });
    await expect(restore(settings, folder, { head: '0'.repeat(64) }, silent)).rejects.toMatchObject({
      code: 'audit-head-mismatch',
    });
    await expect(restore(settings, scratch, {}, silent)).rejects.toMatchObject({ code: 'not-a-backup' });
    // What was written over, with its digest made to fit, is found by the chain; nothing of it stays.
    const forged = join(scratch, 'forged');
    cpSync(folder, forged, { recursive: true });
    rewrite(forged, { audit_events: (text) => text.replace('success', 'unknown') });
    for (const how of [{ head }, { despiteProblems: true }])
      await expect(restore(settings, forged, how, silent)).rejects.toMatchObject({ code: 'audit-chain-broken' });
  });

  it('is refused where an event does not verify, which is named', async () => {
    const forged = malformed();
    await expect(restore(settingsOf(newHome), forged, {}, silent)).rejects.toMatchObject({
      code: 'audit-log-invalid',
      message: expect.stringMatching(/event \d+ has a signature that is no text/),
    });
    // The number of its last event belongs to its end too.
    const index = JSON.parse(readFileSync(join(forged, 'backup.json'), 'utf8'));
    index.head.seq -= 1;
    writeFileSync(join(forged, 'backup.json'), JSON.stringify(index));
    await expect(restore(settingsOf(newHome), forged, { despiteProblems: true }, silent)).rejects.toMatchObject({
      code: 'audit-chain-broken',
    });
  });

  it('is refused without the private grant key, which signs the restore, and with one that is not pinned', async () => {
    const settings = settingsOf(newHome);
    const key = join(newHome, 'keys', 'grant.pem');
    const own = readFileSync(key);
    rmSync(key);
    await expect(restore(settings, folder, { head }, silent)).rejects.toThrow(/no private grant key .*signed with it/);
    writeFileSync(key, newPrivateKey(), { mode: 0o600 });
    await expect(restore(settings, folder, { head }, silent)).rejects.toThrow(
      /is not in .*grant-public.json, or is revoked/,
    );
    writeFileSync(key, own, { mode: 0o600 });
  });

  it('is restored despite such an event where somebody says so, and the log says it', async () => {
    const home = mkdtempSync('/tmp/fixpoint-tests/despite-');
    try {
      cpSync(join(first!.home, 'keys'), join(home, 'keys'), { recursive: true });
      chmodSync(home, 0o755);
      const restored = await restore(settingsOf(home), malformed(), { despiteProblems: true }, silent);
      expect(restored).toMatchObject({ problems: 1, unknown: 1, blocked: 1 });
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

describe('a restore', () => {
  it('restores a database that verifies, and runs nothing without checking the target', async () => {
    // After the backup the granted job is carried out, and its effect is taken back by somebody.
    await first!.call('operator', 'DELETE', '/v1/freeze');
    expect((await first!.until(jobs.granted.id, ['succeeded'])).state).toBe('succeeded');
    expect(effects(jobs.granted.directory)).toBe(1);
    rmSync(join(jobs.granted.directory, 'a'));
    await keepCheckpoint(first!);
    await first!.stop();
    first = undefined;

    const restored = await restore(settingsOf(newHome), folder, { head }, silent);
    expect(restored).toMatchObject({ unknown: 1, blocked: 1, revokedGrants: 2, refusedDecisions: 1, problems: 0 });
    second = await startTestProduct({ home: newHome });
    const product = second;
    const again = {
      folder,
      verify: () => Promise.resolve({ chained: true, problems: [], problemCount: 0, restores: 0 }),
      sign: () => {
        throw new Error('nothing is restored');
      },
    };
    const record = withDatabase(product.adminUrl, 'fixpoint');
    await expect(loadDatabase(record, again)).rejects.toMatchObject({ code: 'database-not-empty' });

    const granted = await product.until(jobs.granted.id, ['blocked']);
    expect([granted.state, granted.code]).toEqual(['blocked', 'database-restored']);
    await product.call('operator', 'DELETE', '/v1/freeze');
    const landed = await product.until(jobs.landed.id, ['succeeded', 'needs-attention', 'failed']);
    expect([landed.state, landed.changes[0].result]).toEqual(['succeeded', 'in-place']);
    expect((await product.call('admin', 'GET', `/v1/jobs/${jobs.done.id}`)).body.state).toBe('succeeded');
    expect(effects(jobs.landed.directory)).toBe(0);
    expect(effects(jobs.granted.directory)).toBe(1);
    expect(existsSync(join(jobs.granted.directory, 'a'))).toBe(false);
  });

  it('voids every earlier decision and token, and works with new ones', async () => {
    const product = second!;
    const { id } = jobs.halfApproved;
    const half = (await product.call('admin', 'GET', `/v1/jobs/${id}`)).body;
    expect(half.approvals).toMatchObject([{ status: 'refused', code: 'database-restored' }]);
    await approve(product, half, 'approver2');
    await accepted(product, id, 1);
    expect((await product.call('admin', 'GET', `/v1/jobs/${id}`)).body.state).toBe('awaiting-approval');
    await approve(product, half, 'approver');
    expect((await product.until(id, ['succeeded', 'failed', 'blocked'])).state).toBe('succeeded');
    expect(effects(jobs.halfApproved.directory)).toBe(1);
    const valid = await asAdmin(product, async (client) => {
      const { rows } = await client.query<{ count: string }>(
        'SELECT count(*) FROM tokens WHERE revoked_at IS NULL AND created_at < (SELECT min(at) FROM audit_events WHERE action = $1)',
        ['record.restored'],
      );
      return Number(rows[0]?.count);
    });
    expect(valid).toBe(0);
  });

  it('leaves an audit log that verifies, including the restore', async () => {
    const product = second!;
    await until('all is chained', async () => (await product.api.record.figures.read()).unchained.count === 0);
    const { body } = await product.call('auditor', 'GET', '/v1/audit/export');
    const file = join(scratch, 'export.jsonl');
    writeFileSync(file, body as string);
    const keys = join(newHome, 'keys', 'grant-public.json');
    const verdict = await verifyAudit({ file, keys, checkpoints });
    expect(verdict).toMatchObject({ ok: true, problems: [], missing: [], restores: 1 });
    // What the backup did not hold is explained by the signature of the restore, and by nothing else.
    expect(verdict.restored).toEqual([expect.stringMatching(/a restore took away/)]);
    expect(verifyInPython(file, keys, checkpoints).code).toBe(0);
    const unsigned = join(scratch, 'unsigned.jsonl');
    writeFileSync(
      unsigned,
      chain(entriesIn(body as string).map(withoutSignature))
        .map((link) => `${JSON.stringify(link)}\n`)
        .join(''),
    );
    expect(await verifyAudit({ file: unsigned, keys, checkpoints })).toMatchObject({ ok: false, restored: [] });
    expect(verifyInPython(unsigned, keys, checkpoints).code).not.toBe(0);
    for (const action of ['record.restored', 'grant.revoked', 'job.unknown', 'job.blocked'])
      expect(body).toContain(`\\"action\\":\\"${action}\\"`);
    expect(body).toContain(head);
  });
});

describe('fixpoint doctor', () => {
  const codes = async (settings: Settings) => {
    const { ok, findings, looked } = await examine(settings);
    for (const { what, detail, toDo } of findings)
      for (const text of [what, detail, toDo]) expect(text.length).toBeGreaterThan(3);
    return {
      ok,
      looked,
      codes: findings.map(({ code }) => code),
      details: findings.map(({ code, detail }) => `${code}: ${detail}`),
    };
  };
  const beat = () => second!.api.record.heartbeats.beat('authority', 'test', {});

  it('finds no fault in a healthy installation', async () => {
    await beat();
    expect(await codes(settingsOf(newHome))).toEqual({
      ok: true,
      details: [],
      looked: ['files', 'disk', 'engine', 'database', 'roles', 'parts', 'work', 'credentials of targets', 'queue'],
      codes: [],
    });
  });

  it('names each fault and what to do', async () => {
    const settings = settingsOf(newHome);
    chmodSync(join(newHome, 'keys', 'grant.pem'), 0o644);
    writeFileSync(join(newHome, 'credentials.json'), '{');
    writeFileSync(
      join(newHome, 'people.json'),
      JSON.stringify({ people: [{ id: 'one', name: 'One', roles: ['helpdesk', 'approver'] }] }),
    );
    await asAdmin(second!, async (client) => {
      await client.query('GRANT CONNECT ON DATABASE fixpoint TO fixpoint_queue');
      await client.query('GRANT INSERT ON grants TO fixpoint_api');
      await client.query('REVOKE INSERT ON audit_chain FROM fixpoint_relay');
      await client.query('ALTER ROLE fixpoint_worker CREATEDB');
      await client.query(`DELETE FROM migrations WHERE name = '0001-record.sql'`);
      await client.query(`INSERT INTO migrations VALUES ('0000-other.sql', 'x')`);
      await client.query(`DELETE FROM heartbeats WHERE part = 'authority'`);
      await client.query(
        `INSERT INTO heartbeats VALUES ('worker', 'far', now(), '{"clock":"2020-01-01T00:00:00.000Z"}')`,
      );
      await client.query(`INSERT INTO global_freeze (by_name, reason) VALUES ('x', 'x')`);
      await client.query(
        `INSERT INTO outbox (id, job_id, pool, priority, created_at, sent_at)
         VALUES (gen_random_uuid(), $1, 'elsewhere', 5, now() - interval '1 hour', now() - interval '50 minutes')`,
        [jobs.done.id],
      );
      await client.query('ALTER TABLE audit_events DISABLE TRIGGER USER');
      await client.query(
        `INSERT INTO audit_events (event_id, action, writer, bytes) VALUES (gen_random_uuid(), 'x', 'x', 'x')`,
      );
      await client.query(`UPDATE jobs SET state = 'needs-attention', wake_at = NULL WHERE id = $1`, [jobs.done.id]);
      await client.query(
        `UPDATE jobs SET state = 'unknown', wake_at = NULL, state_since = now() - interval '1 hour' WHERE id = $1`,
        [jobs.halfApproved.id],
      );
    });
    const { ok, codes: found } = await codes(settings);
    expect(ok).toBe(false);
    expect([...new Set(found)].sort()).toEqual([
      'approvers-missing',
      'audit-events-unchained',
      'clocks-out-of-sync',
      'file-malformed',
      'file-permissions',
      'freeze-active',
      'jobs-need-attention',
      'jobs-overdue',
      'privileges-excessive',
      'privileges-missing',
      'process-silent',
      'queue-lagging',
      'role-unheld',
      'schema-outdated',
      'schema-unknown',
    ]);
    expect(found.filter((code) => code === 'privileges-excessive')).toHaveLength(3);
  });

  it('says when the database or the engine does not answer', async () => {
    const { config, secrets } = settingsOf(newHome);
    const away = {
      ...secrets,
      adminUrl: 'postgres://nobody:x@127.0.0.1:1/postgres',
      queueUrl: 'postgres://x:x@127.0.0.1:1/x',
    };
    const { ok, codes: found } = await codes({ config: { ...config, engineDirectory: '/nowhere' }, secrets: away });
    expect(ok).toBe(false);
    expect(found).toEqual(expect.arrayContaining(['database-unreachable', 'engine-missing', 'queue-unreachable']));
  });
});
