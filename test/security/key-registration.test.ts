import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { DATABASE_ROLES } from '../../src/adapters/postgres/install/roles.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { confirmationMessage, kidOf, personKeyBytes } from '../../src/domain/person-key.js';
import { adminKey, approverKey, as, proofFor, refused, waiting, withKeys } from '../support/forged-decisions.js';
import { admin, newFolder, planned, product } from '../support/jobs.js';
import {
  confirm,
  confirmFirst,
  newKey,
  registeredKeyOf,
  requested,
  requestOf,
  signatureOf,
  type OwnKey,
} from '../support/keys.js';
import { until } from '../support/patience.js';
import type { Who } from '../support/people.js';

/** Attacks on the registration of keys of persons, by the roles of the database and by people (T7, T16). */

withKeys();

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

  it.each(['2024-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z', 'soon'])(
    'is refused for a confirmation of another time, such as one made for another installation: %s',
    async (at) => {
      const key = await requested(product, 'helpdesk');
      await confirmBySql(key, adminKey, 'admin', at);
      expect(await judgedAs(key.id)).toEqual({ status: 'refused', code: 'decision-stale' });
      await audited(key.id, 'decision-stale');
    },
  );

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

  it('is refused for a key of small order, also where its row is inserted', async () => {
    // Under the neutral point, the neutral point with zero is a signature of everything.
    const neutral = Buffer.concat([Buffer.alloc(1, 1), Buffer.alloc(31)]);
    const publicKey = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), neutral]).toString('base64');
    const signature = Buffer.concat([neutral, Buffer.alloc(32)]).toString('base64');
    const at = new Date().toISOString();
    const asked = await product.call('approver2', 'POST', '/v1/keys', { publicKey, at, signature });
    expect([asked.status, asked.body.code]).toEqual([403, 'key-weak']);
    const id = randomUUID();
    const key = { ...newKey('approver2'), publicKey, kid: kidOf(publicKey), id };
    await as('api').query(
      `INSERT INTO key_requests (id, person_id, kid, public_key, made_at, signature) VALUES ($1, 'approver2', $2, $3, $4, $5)`,
      [id, key.kid, publicKey, at, signature],
    );
    await confirmBySql(key, adminKey, 'admin');
    expect(await judgedAs(id)).toEqual({ status: 'refused', code: 'key-weak' });
    await audited(id, 'key-weak');
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

async function confirmBySql(key: OwnKey, by: OwnKey, who: Who, at = new Date().toISOString()) {
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
