import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { admissionBytes, type Admission } from '../../src/domain/admission.js';
import type { RecordRole } from '../../src/adapters/postgres/install/roles.js';
import { ensureGrantKey, openAdmissionSigner } from '../../src/adapters/keys/index.js';
import { admitStored } from '../support/admitted.js';
import { connectEachRole, type DatabaseClients } from '../support/database-roles.js';
import { admin, decide, ENDS, newFolder, planned, product, text, withProduct } from '../support/jobs.js';
import type { Who } from '../support/people.js';

/** What may run is decided by a signature of authority: rows that somebody writes to the database are not enough. */

let clients: DatabaseClients | undefined;
// Before the product stops: hooks run in their order.
afterAll(() => clients?.end());
withProduct();
beforeAll(async () => {
  clients = await connectEachRole(product);
});

const current = async () => (await product.call('admin', 'GET', '/v1/runbooks/set-file-text')).body;
const wish = (directory = newFolder()) => ({ directory, names: ['a'], text: 'x' });
const submit = (parameters: object) =>
  product.call('helpdesk', 'POST', '/v1/jobs', { runbook: 'set-file-text', target: 'box', parameters, reason: 'test' });

describe('whoever has one role of the database', () => {
  const digestNow = async () => (await current()).contentDigest as string;
  it.each<[RecordRole, string]>([
    ...(['api', 'relay', 'worker'] as const).flatMap((role): [RecordRole, string][] => [
      [
        role,
        `INSERT INTO admissions (id, runbook_id, content_digest, bytes, signature, kid) VALUES ('${randomUUID()}', 'x', $1, '', '', '')`,
      ],
      [role, `UPDATE admissions SET status = 'in-force' WHERE content_digest = $1`],
      [role, `UPDATE runbooks SET content_digest = $1`],
      [role, `UPDATE admission_requests SET status = 'open' WHERE content_digest = $1`],
      [role, `UPDATE admission_votes SET status = 'accepted' WHERE content_digest = $1`],
    ]),
    ...(['relay', 'worker'] as const).flatMap((role): [RecordRole, string][] => [
      [
        role,
        `INSERT INTO runbook_bundles (content_digest, runbook_id, version, bundle) VALUES ($1 || 'x', 'x', '1', '{}')`,
      ],
      [role, `INSERT INTO runbooks VALUES ('x', $1)`],
    ]),
    ['authority', `DELETE FROM admissions WHERE content_digest = $1`],
    ['authority', `UPDATE admissions SET bytes = '' WHERE content_digest = $1`],
  ])('%s may not %s', async (role, sql) => {
    await expect(clients?.roles.get(role)?.query(sql, [await digestNow()])).rejects.toThrow(
      /permission denied|append-only/,
    );
  });

  it.each(['revoked', 'disabled'])('authority sets nothing back that was %s', async (status) => {
    const digest = await digestNow();
    const { rows } = await admin.query<{ bundle: string }>(
      'SELECT bundle FROM runbook_bundles WHERE content_digest = $1',
      [digest],
    );
    expect(rows).toHaveLength(1);
    const id = await admitStored(admin, product.home, { id: 'set-file-text', version: '1', contentSha256: digest });
    await admin.query(`UPDATE admissions SET status = $2 WHERE id = $1`, [id, status]);
    const back = clients?.roles
      .get('authority')
      ?.query(`UPDATE admissions SET status = 'in-force' WHERE id = $1`, [id]);
    await expect(back).rejects.toThrow(`the admission was ${status}`);
  });

  /** A request and its confirmation, as the API's role can insert them in the names of two people. */
  async function forge(first: Who, second: Who, token: (who: Who) => string) {
    const digest = await digestNow();
    const client = clients?.roles.get('api');
    const ids = [randomUUID(), randomUUID()];
    const proof = (who: Who) => JSON.stringify({ kind: 'token', tokenId: token(who) });
    const person = (id: Who) => JSON.stringify({ id, name: id, roles: ['admin'] });
    await client?.query(
      `INSERT INTO admission_requests (id, kind, about, content_digest, before, person_id, person, reason, proof)
       VALUES ($1, 'admit', 'set-file-text', $2, $2, $3, $4, 'x', $5)`,
      [ids[0], digest, first, person(first), proof(first)],
    );
    const status = async (table: string, id: string | undefined) =>
      (await admin.query<{ status: string; code: string }>(`SELECT status, code FROM ${table} WHERE id = $1`, [id]))
        .rows[0];
    const judged = async (table: string, id: string | undefined) => {
      for (;;) {
        const row = await status(table, id);
        if (row && !['new', 'pending'].includes(row.status)) return row;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const asked = await judged('admission_requests', ids[0]);
    if (asked.status === 'refused') return asked;
    await client?.query(
      `INSERT INTO admission_votes (id, request, content_digest, decision, person_id, person, reason, proof)
       VALUES ($1, $2, $3, 'confirm', $4, $5, 'x', $6)`,
      [ids[1], ids[0], digest, second, person(second), proof(second)],
    );
    return judged('admission_votes', ids[1]);
  }
  const tokenOf = (who: Who) => product.tokens[who].split('_')[1] ?? '';

  it.each<[string, Who, Who, (who: Who) => string, string]>([
    ['the same person twice', 'admin', 'admin', tokenOf, 'own-request'],
    ['somebody without the right', 'helpdesk', 'admin', tokenOf, 'not-allowed'],
    ['a second person without the right', 'admin', 'approver', tokenOf, 'not-allowed'],
    ['a token that is not there', 'admin', 'admin2', () => 'none', 'proof-invalid'],
    ['the token of another person', 'admin', 'admin2', () => tokenOf('helpdesk'), 'proof-invalid'],
  ])('admits nothing in the name of %s', async (_, first, second, token, code) => {
    expect(await forge(first, second, token)).toMatchObject({ status: 'refused', code });
  });
});

describe('an admission that is not what authority signed', () => {
  const over = '2020-01-01T00:00:00.000Z';
  const later = '2090-01-01T00:00:00.000Z';
  it.each<[string, string, (admission: Admission, sign: (bytes: string) => string) => [string, string]]>([
    [
      'signed by another key',
      'admission-invalid',
      (admission) => [admissionBytes(admission), Buffer.alloc(64).toString('base64')],
    ],
    [
      'for another version',
      'admission-invalid',
      (admission, sign) => {
        const bytes = admissionBytes({
          ...admission,
          runbook: { ...admission.runbook, contentSha256: 'b'.repeat(64) },
        });
        return [bytes, sign(bytes)];
      },
    ],
    [
      'expired',
      'admission-expired',
      (admission, sign) => {
        const bytes = admissionBytes({ ...admission, notAfter: over });
        return [bytes, sign(bytes)];
      },
    ],
    [
      'not valid yet',
      'admission-invalid',
      (admission, sign) => {
        const bytes = admissionBytes({ ...admission, notBefore: later, notAfter: later });
        return [bytes, sign(bytes)];
      },
    ],
    [
      'changed after it was signed',
      'admission-invalid',
      (admission, sign) => [admissionBytes({ ...admission, engineSha256: 'f' }), sign(admissionBytes(admission))],
    ],
  ])('lets nothing run: %s', async (_, code, forged) => {
    const { contentDigest, version } = await current();
    const signer = await openAdmissionSigner(join(product.home, 'keys', 'grant.pem'));
    const id = randomUUID();
    const whole: Admission = {
      ...{ v: 1, id, runbook: { id: 'set-file-text', version, contentSha256: contentDigest }, engineSha256: 'e' },
      ...{
        gate: 'passed',
        by: { how: 'development', account: 'x' },
        before: null,
        notBefore: over,
        notAfter: later,
        kid: signer.kid,
      },
    };
    const [bytes, signature] = forged(whole, (text) => signer.signAdmission(text));
    await admin.query('ALTER TABLE admissions DISABLE TRIGGER ALL');
    const directory = newFolder();
    const job = await planned('set-file-text', wish(directory));
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    await decide(job);
    const kept = await admin.query('SELECT * FROM admissions WHERE content_digest = $1', [contentDigest]);
    await admin.query('DELETE FROM admissions WHERE content_digest = $1', [contentDigest]);
    await admin.query(
      'INSERT INTO admissions (id, runbook_id, content_digest, bytes, signature, kid) VALUES ($1, $2, $3, $4, $5, $6)',
      [id, 'set-file-text', contentDigest, bytes, signature, signer.kid],
    );
    expect((await submit(wish())).body).toMatchObject({ code });
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'blocked', code });
    expect(text(directory, 'a')).toBeUndefined();
    await admin.query('DELETE FROM admissions WHERE content_digest = $1', [contentDigest]);
    for (const { id: old, runbook_id, bytes: text, signature: by, kid, status } of kept.rows as Record<
      string,
      string
    >[])
      await admin.query(
        'INSERT INTO admissions (id, runbook_id, content_digest, bytes, signature, kid, status) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [old, runbook_id, contentDigest, text, by, kid, status],
      );
    await admin.query('ALTER TABLE admissions ENABLE TRIGGER ALL');
  });

  it('a key of one’s own is no key of this installation', async () => {
    const folder = newFolder();
    await ensureGrantKey(join(folder, 'own.pem'), join(folder, 'own.json'));
    const signer = await openAdmissionSigner(join(folder, 'own.pem'));
    const bytes = admissionBytes({ v: 1, id: 'x' } as Admission);
    const rules = product.api.context.admissionRules();
    const verdict = rules?.verify({
      id: 'x',
      bytes,
      signature: signer.signAdmission(bytes),
      kid: signer.kid,
      status: 'in-force',
    });
    expect(verdict).toMatchObject({ ok: false, error: { why: expect.stringContaining('a key that is unknown') } });
  });
});
