import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  adminKey,
  approverKey,
  as,
  forge,
  proofFor,
  refused,
  waiting,
  withKeys,
  type Forged,
} from '../support/forged-decisions.js';
import { admin, effects, ENDS, newFolder, planned, product } from '../support/jobs.js';
import { factsOf, newKey, proofOf, registeredKeyOf, saltOf, signedDecision } from '../support/keys.js';

/** Attacks on signed decisions, by the API's database role and by people (T8, T16). */

withKeys();

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
      async (job) => ({ proof: { ...(await proofFor(job)), at: new Date(Date.now() - 60_000).toISOString() } }),
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

  it('a signature that was refused is refused from then on', async () => {
    const at = await waiting();
    const proof = await proofFor(at.job);
    await refused(at, 'plan-changed', {
      proof,
      planDigest: at.job.plan.digest.replace(/^./, (c: string) => (c === '0' ? '1' : '0')),
    });
    await refused(at, 'decision-replayed', { proof });
    await refused(at, 'decision-replayed', { proof });
    expect(await forge(at.job, { proof: await proofFor(at.job) })).toMatchObject({ status: 'accepted' });
    await product.until(at.job.id, ENDS);
  });

  it('stands in the grant and in the log with the name of the people file, whatever its row says', async () => {
    const { job } = await waiting();
    expect(await forge(job, { proof: await proofFor(job), name: 'Somebody else' })).toMatchObject({
      status: 'accepted',
    });
    await product.until(job.id, ENDS);
    const { rows } = await admin.query(`SELECT bytes FROM audit_events WHERE job_id = $1`, [job.id]);
    const said = rows.map(({ bytes }) => bytes as string);
    expect(said.some((bytes) => bytes.includes('The approver'))).toBe(true);
    expect(said.filter((bytes) => bytes.includes('Somebody else'))).toEqual([]);
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
