import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { DATABASE_ROLES, type RecordRole } from '../../src/adapters/postgres/install/roles.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { confirmationMessage, personKeyBytes } from '../../src/domain/person-key.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { command } from '../support/command-line.js';
import { connectEachRole, type DatabaseClients } from '../support/database-roles.js';
import { actions, admin, effects, ENDS, newFolder, planned, product, withProduct } from '../support/jobs.js';
import {
  confirm,
  confirmFirst,
  factsOf,
  firstKey,
  newKey,
  proofOf,
  registeredKeyOf,
  requested,
  requestOf,
  saltOf,
  signatureOf,
  signedDecision,
  type OwnKey,
} from '../support/keys.js';
import { PEOPLE, type Who } from '../support/people.js';
import { until } from '../support/patience.js';

/** Attacks on the keys of persons and on signed decisions, by the API's database role and by people (T8, T16). */

let clients: DatabaseClients;
// Before the product stops: its database ends with it.
afterAll(() => clients?.end());
withProduct();

let adminKey: OwnKey;
let approverKey: OwnKey;
beforeAll(async () => {
  clients = await connectEachRole(product);
  adminKey = await firstKey(product);
  approverKey = await registeredKeyOf(product, 'approver', adminKey);
});

const as = (role: RecordRole) => clients.roles.get(role) as pg.Client;

interface Forged {
  readonly proof: object | string;
  readonly who?: Who;
  readonly planDigest?: string;
  readonly decision?: 'approve' | 'reject';
  readonly reason?: string;
  readonly executeBy?: Date;
  readonly onFailure?: 'leave' | 'rollback';
}

/** Inserts a decision with the rights of the API, and waits for what authority says of it. */
async function forge(job: any, { proof, who = 'approver', decision = 'approve', reason = 'ok', ...more }: Forged) {
  const id = randomUUID();
  await as('api').query(
    `INSERT INTO decisions (id, job_id, plan_digest, decision, person_id, person, reason, execute_by, on_failure, proof, decided_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, clock_timestamp())`,
    [
      ...[id, job.id, more.planDigest ?? job.plan.digest, decision, who],
      canonicalJson({ id: who, name: `The ${who}`, roles: PEOPLE[who] }),
      ...[reason, more.executeBy ?? null, more.onFailure ?? null],
      typeof proof === 'string' ? proof : canonicalJson(proof),
    ],
  );
  let row: { status: string; code: string | null } | undefined;
  await until('the decision is judged', async () => {
    const { rows } = await admin.query('SELECT status, code FROM decisions WHERE id = $1', [id]);
    row = rows[0];
    return row?.status !== 'pending';
  });
  return row;
}

async function waiting() {
  const directory = newFolder();
  return { directory, job: await planned('set-file-text', { directory, names: ['a'], text: 'x' }) };
}

/** Nothing ran, the job still waits, and the log says that a decision was refused. */
async function refused(at: Awaited<ReturnType<typeof waiting>>, code: string, forged: Forged) {
  expect(await forge(at.job, forged)).toEqual({ status: 'refused', code });
  const { body } = await product.call('admin', 'GET', `/v1/jobs/${at.job.id}`);
  expect([body.state, effects(at.directory)]).toEqual(['awaiting-approval', 0]);
  expect(await actions(at.job.id)).toContain('job.decision-refused');
  const { rows } = await admin.query(
    `SELECT 1 FROM audit_events WHERE job_id = $1 AND action = 'job.decision-refused' AND bytes LIKE '%"code":"' || $2 || '"%'`,
    [at.job.id, code],
  );
  expect(rows).not.toHaveLength(0);
}

const proofFor = async (job: any, key: OwnKey = approverKey, more: Parameters<typeof factsOf>[2] = {}) =>
  proofOf(key, factsOf(job, await saltOf(product, job), more));

describe('a decision that the API’s role inserts', () => {
  it('counts as it was signed, and only so', async () => {
    const { job } = await waiting();
    expect(await forge(job, { proof: await proofFor(job) })).toEqual({ status: 'accepted', code: null });
    expect((await product.until(job.id, ENDS)).state).toBe('succeeded');
  });

  it.each<[string, (job: any) => Promise<Forged>, string]>([
    [
      'in the name of another with one’s own key',
      async (job) => ({ who: 'approver2', proof: await proofFor(job) }),
      'key-unknown',
    ],
    [
      'with a key that nobody registered',
      async (job) => ({ proof: await proofFor(job, newKey('approver')) }),
      'key-unknown',
    ],
    [
      'with the kid of the approver and another key',
      async (job) => ({ proof: await proofFor(job, { ...newKey('approver'), kid: approverKey.kid }) }),
      'signature-invalid',
    ],
    ['with another reason', async (job) => ({ proof: await proofFor(job), reason: 'another' }), 'signature-invalid'],
    [
      'with another end of the window',
      async (job) => ({ proof: await proofFor(job), executeBy: new Date(Date.now() + 60_000) }),
      'signature-invalid',
    ],
    [
      'with another on failure',
      async (job) => ({ proof: await proofFor(job), onFailure: 'rollback' }),
      'signature-invalid',
    ],
    [
      'that was a rejection',
      async (job) => ({ proof: await proofFor(job, approverKey, { decision: 'reject' }) }),
      'signature-invalid',
    ],
    [
      'that was an approval, as a rejection',
      async (job) => ({ proof: await proofFor(job), decision: 'reject' }),
      'signature-invalid',
    ],
    [
      'for another plan',
      async (job) => ({ proof: await proofFor(job, approverKey, { planDigest: 'a'.repeat(64) }) }),
      'signature-invalid',
    ],
    [
      'that was signed for another job',
      async (job) => ({ proof: await proofFor(job, approverKey, { job: randomUUID() }) }),
      'signature-invalid',
    ],
    [
      'with another nonce',
      async (job) => ({ proof: { ...(await proofFor(job)), nonce: randomBytes(16).toString('hex') } }),
      'signature-invalid',
    ],
    [
      'with another time',
      async (job) => ({ proof: { ...(await proofFor(job)), at: new Date(Date.now() - 1).toISOString() } }),
      'signature-invalid',
    ],
    [
      'that was signed 11 minutes ago',
      async (job) => ({
        proof: proofOf(approverKey, factsOf(job, await saltOf(product, job)), {
          at: new Date(Date.now() - 11 * 60_000).toISOString(),
        }),
      }),
      'decision-stale',
    ],
    [
      'with a signature in another form of base64',
      async (job) => {
        const proof = await proofFor(job);
        return { proof: { ...proof, signature: proof.signature.replace('==', '=') } };
      },
      'proof-invalid',
    ],
    ['with a proof that is no object', async () => ({ proof: 'null' }), 'proof-invalid'],
    ['with a proof of no kind', async () => ({ proof: '{"kind":"none"}' }), 'proof-invalid'],
    ['with a token that nobody has', async () => ({ proof: { kind: 'token', tokenId: 'none' } }), 'proof-invalid'],
  ])('%s is refused', async (_, forgery, code) => {
    const at = await waiting();
    await refused(at, code, await forgery(at.job));
  });

  it('a used signature is refused, on its job and on another', async () => {
    const first = await waiting();
    const proof = await proofFor(first.job);
    expect(await forge(first.job, { proof })).toMatchObject({ status: 'accepted' });
    await product.until(first.job.id, ENDS);
    await refused(await waiting(), 'decision-replayed', { proof });
    // The same decision sent again as somebody else's.
    await refused(await waiting(), 'decision-replayed', { proof, who: 'approver2' });
  });

  it('is never dated by its writer, and never judged by it', async () => {
    const { job } = await waiting();
    const insert = (columns: string, values: string) =>
      as('api').query(
        `INSERT INTO decisions (id, job_id, plan_digest, decision, person_id, person, reason, proof, decided_at${columns})
         VALUES (gen_random_uuid(), $1, $2, 'approve', 'approver', '{"id":"approver","name":"x","roles":[]}', 'ok', '{}', ${values})`,
        [job.id, job.plan.digest],
      );
    await expect(insert('', `now() - interval '1 day'`)).rejects.toThrow('dated by the clock of the database');
    await expect(insert(', status', `now(), 'accepted'`)).rejects.toThrow('permission denied');
  });

  it('counts for no quorum where its row was changed after it was judged', async () => {
    const directory = newFolder();
    const job = await planned('irreversible', { directory, names: ['a'], text: 'x' });
    expect(await forge(job, { proof: await proofFor(job) })).toMatchObject({ status: 'accepted' });
    // Not even authority's own role or the owner of the database makes another person's approval of it.
    await admin.query(
      `UPDATE decisions SET person_id = 'both', person = replace(person, 'approver', 'both') WHERE job_id = $1`,
      [job.id],
    );
    const second = await registeredKeyOf(product, 'approver2', adminKey);
    const body = await signedDecision(product, job, second);
    expect((await product.call('approver2', 'POST', `/v1/jobs/${job.id}/decision`, body)).body.state).toBe(
      'awaiting-approval',
    );
    expect(effects(directory)).toBe(0);
  });
});

describe('a revoked key', () => {
  it('decides nothing, and no process takes the revocation back', async () => {
    const key = await registeredKeyOf(product, 'approver', adminKey);
    expect((await product.call('admin', 'POST', `/v1/keys/${key.id}/revoke`)).body.status).toBe('revoked');
    const at = await waiting();
    await refused(at, 'key-revoked', { proof: await proofFor(at.job, key) });
    for (const role of ['api', 'authority', 'worker'] as const)
      await expect(
        as(role).query('UPDATE person_keys SET revoked_at = NULL, revoked_by = NULL WHERE id = $1', [key.id]),
      ).rejects.toThrow(/only a revocation may be set|permission denied/);
    // Nor is it registered again.
    expect((await requestOf(product, key)).body.code).toBe('key-taken');
  });

  it('is revoked by its owner and by administrators alone', async () => {
    const key = await registeredKeyOf(product, 'approver', adminKey);
    for (const who of ['approver2', 'operator', 'helpdesk'] as const)
      expect((await product.call(who, 'POST', `/v1/keys/${key.id}/revoke`)).body.code).toBe('key-not-found');
    expect((await product.call('approver', 'POST', `/v1/keys/${key.id}/revoke`)).body.status).toBe('revoked');
  });
});

describe('a registration', () => {
  it.each(DATABASE_ROLES)('is worth nothing as a row that %s inserts', async (role) => {
    const key = newKey('approver2');
    const id = randomUUID();
    const bytes = personKeyBytes({
      ...{ v: 1, id, person: 'approver2', kid: key.kid, publicKey: key.publicKey },
      ...{ confirmedBy: 'admin', at: new Date().toISOString() },
    });
    await admin.query(
      `INSERT INTO key_requests (id, person_id, kid, public_key, made_at, signature) VALUES ($1, 'approver2', $2, $3, '', '')`,
      [id, key.kid, key.publicKey],
    );
    const { signature } = await proofFor((await waiting()).job, key);
    const { rows } = await admin.query('SELECT signed_by FROM person_keys LIMIT 1');
    const insert = as(role).query(
      `INSERT INTO person_keys (id, person_id, kid, public_key, bytes, signature, signed_by) VALUES ($1, 'approver2', $2, $3, $4, $5, $6)`,
      [id, key.kid, key.publicKey, bytes, signature, rows[0].signed_by],
    );
    if (role !== 'authority') return expect(insert).rejects.toThrow('permission denied');
    await insert;
    const at = await waiting();
    await refused(at, 'key-unknown', { who: 'approver2', proof: await proofFor(at.job, key) });
  });

  it.each<[string, string]>([
    ['another person', `UPDATE person_keys SET person_id = 'approver2' WHERE id = $1`],
    ['another key', `UPDATE person_keys SET public_key = 'x' WHERE id = $1`],
    ['nothing', 'DELETE FROM person_keys WHERE id = $1'],
  ])('is made %s by no process', async (_, statement) => {
    for (const role of DATABASE_ROLES)
      await expect(as(role).query(statement, [approverKey.id])).rejects.toThrow(/permission denied/);
    // The triggers stop the owner too, as long as they are there.
    await expect(admin.query(statement, [approverKey.id])).rejects.toThrow(/only a revocation|append-only/);
  });

  it('is refused for a key of oneself, by oneself', async () => {
    const own = await requested(product, 'admin');
    expect((await confirm(product, own, adminKey)).body.code).toBe('own-key');
    // With the rights of the API's role the same.
    await confirmBySql(own, adminKey, 'admin');
    expect(await judgedAs(own.id)).toEqual({ status: 'refused', code: 'own-key' });
    await audited(own.id, 'own-key');
  });

  it.each<[string, Who, () => OwnKey, string]>([
    ['somebody who is no administrator', 'approver', () => approverKey, 'not-an-admin'],
    ['an administrator with another person’s key', 'admin', () => approverKey, 'key-unknown'],
    ['an administrator with a key that is not registered', 'admin', () => newKey('admin'), 'key-unknown'],
    [
      'somebody who has the kid of the administrator alone',
      'admin',
      () => ({ ...newKey('admin'), kid: adminKey.kid }),
      'signature-invalid',
    ],
  ])('is refused for a confirmation by %s', async (_, who, by, code) => {
    const key = await requested(product, 'helpdesk');
    await confirmBySql(key, by(), who);
    expect(await judgedAs(key.id)).toEqual({ status: 'refused', code });
    await audited(key.id, code);
  });

  it('is refused for a key whose owner did not sign for it', async () => {
    const key = newKey('approver2');
    expect((await requestOf(product, { ...key, publicKey: newKey('approver2').publicKey })).body.code).toBe(
      'signature-invalid',
    );
    // Somebody else's request for the same key does not speak for this person.
    const id = randomUUID();
    await as('api').query(
      `INSERT INTO key_requests (id, person_id, kid, public_key, made_at, signature) VALUES ($1, 'approver2', $2, $3, $4, $5)`,
      [id, approverKey.kid, approverKey.publicKey, new Date().toISOString(), `${'A'.repeat(86)}==`],
    );
    await confirmBySql({ ...approverKey, person: 'approver2', id }, adminKey, 'admin');
    expect(await judgedAs(id)).toEqual({ status: 'refused', code: 'signature-invalid' });
  });

  it('of the requester’s key under a second account is refused: a key belongs to one person', async () => {
    const requester = await registeredKeyOf(product, 'both', adminKey);
    expect((await requestOf(product, { ...requester, person: 'approver2' }, 'approver2')).body.code).toBe('key-taken');
    // Nor does it decide for that account.
    const directory = newFolder();
    const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' }, 'both');
    await refused({ directory, job }, 'key-unknown', { who: 'approver2', proof: await proofFor(job, requester) });
  });

  it('of a first key is refused once an administrator has one, and without the private grant key', async () => {
    const key = await requested(product, 'admin');
    expect((await confirmFirst(product, key))?.request).toMatchObject({ status: 'refused', code: 'first-key-exists' });
    await audited(key.id, 'first-key-exists');
    const another = await requested(product, 'admin');
    const forged = { by: null, kid: '0'.repeat(16), at: new Date().toISOString(), signature: `${'A'.repeat(86)}==` };
    await as('api').query('UPDATE key_requests SET confirmation = $2 WHERE id = $1', [
      another.id,
      canonicalJson(forged),
    ]);
    expect(await judgedAs(another.id)).toEqual({ status: 'refused', code: 'signature-invalid' });
  });
});

describe('the worker', () => {
  it('runs nothing under a grant whose approver’s registration is gone', async () => {
    const key = await registeredKeyOf(product, 'approver', adminKey);
    const { directory, job } = await waiting();
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, await signedDecision(product, job, key));
    await admin.query('ALTER TABLE person_keys DISABLE TRIGGER append_only');
    await admin.query('DELETE FROM person_keys WHERE id = $1', [key.id]);
    await admin.query('ALTER TABLE person_keys ENABLE TRIGGER append_only');
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'blocked', code: 'key-unknown' });
    expect(effects(directory)).toBe(0);
  });
});

describe('the audit log', () => {
  it('verifies each signature from an export and the public grant key alone, in both verifiers', async () => {
    const folder = mkdtempSync('/tmp/fxv-');
    const file = join(folder, 'log.jsonl');
    const env = {
      ...{ FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.auditor, FIXPOINT_HOME: product.home },
      FIXPOINT_API_DATABASE_URL: product.urls.api,
    };
    await until('everything is chained', async () => {
      const { rows } = await admin.query('SELECT 1 FROM audit_unchained LIMIT 1');
      return rows.length === 0;
    });
    const exported = await command(env, 'audit', 'export', file);
    expect([exported.code, exported.text]).toEqual([0, expect.anything()]);
    const keys = join(product.home, 'keys', 'grant-public.json');
    const verified = await command(env, 'audit', 'verify', file, '--keys', keys);
    expect([verified.code, verified.text]).toEqual([0, expect.anything()]);
    const python = (of: string) => {
      try {
        return execFileSync('python3', [join(INSTALL_ROOT, 'tools/verify_audit.py'), of, keys], { encoding: 'utf8' });
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    };
    expect(JSON.parse(python(file))).toMatchObject({ ok: true });

    // A registration that is not signed makes every decision of its key one that nobody signed.
    const lines = readFileSync(file, 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('key.registered') && line.includes(approverKey.kid));
    const link = JSON.parse(lines[at] as string) as { event: string };
    const event = JSON.parse(link.event) as { data: { registration: string } };
    event.data.registration = event.data.registration.replace('"person":"approver"', '"person":"approver2"');
    lines[at] = JSON.stringify({ ...link, event: canonicalJson(event) });
    const changed = join(folder, 'changed.jsonl');
    writeFileSync(changed, lines.join('\n'));
    const told = await command(env, 'audit', 'verify', changed, '--keys', keys);
    expect([told.code, told.text]).toEqual([1, expect.stringContaining('no valid registration')]);
    expect(told.text).toContain('is not what they signed: key-unknown');
    expect(python(changed)).toContain('the decision is not what its person signed');
  });
});

async function confirmBySql(key: OwnKey, by: OwnKey, who: Who) {
  const at = new Date().toISOString();
  const { publicKey, kid, person, id } = key;
  const said = { key: id, person, kid, publicKey, by: who, at };
  const confirmation = { by: who, kid: by.kid, at, signature: signatureOf(by, confirmationMessage(said)) };
  await as('api').query('UPDATE key_requests SET confirmation = $2 WHERE id = $1', [id, canonicalJson(confirmation)]);
}

async function judgedAs(id: string) {
  let row: { status: string; code: string | null } | undefined;
  await until('the key is judged', async () => {
    const { rows } = await admin.query('SELECT status, code FROM key_requests WHERE id = $1', [id]);
    row = rows[0];
    return row?.status !== 'pending';
  });
  return row;
}

async function audited(id: string, code: string) {
  const { rows } = await admin.query(
    `SELECT 1 FROM audit_events WHERE action = 'key.refused' AND bytes LIKE '%' || $1 || '%' AND bytes LIKE '%"code":"' || $2 || '"%'`,
    [id, code],
  );
  expect(rows).toHaveLength(1);
}
