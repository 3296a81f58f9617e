import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { command } from '../support/command-line.js';
import { until } from '../support/patience.js';
import { verifyInPython } from '../support/second-verifier.js';
import { subjectAdmissionBytes, type SubjectAdmission } from '../../src/domain/subject-admission.js';
import { openAdmissionSigner, ensureGrantKey } from '../../src/adapters/keys/index.js';
import { canonicalJson } from '../../src/domain/canonical.js';
import { targetChangesDigest } from '../../src/domain/target-change.js';
import { digestOfTarget, type Target } from '../../src/domain/target.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { admitByKeys } from '../support/admission.js';
import { connectEachRole, type DatabaseClients } from '../support/database-roles.js';
import { admin, effects, ENDS, newFolder, product, withProduct } from '../support/jobs.js';
import { firstKey, registeredKeyOf, signedDecision, type OwnKey } from '../support/keys.js';
import { admitTarget, askForTarget, decideOnTarget, formOf, subjectProof } from '../support/target-admission.js';

/** In production the inventory is policy: a target counts only in the form that two people admitted. */

let clients: DatabaseClients | undefined;
afterAll(() => clients?.end());
withProduct({ env: { FIXPOINT_MODE: 'production' } });

const RUNBOOKS = join(INSTALL_ROOT, 'test/fixtures/runbooks');
let by: readonly [OwnKey, OwnKey];
let approver: OwnKey;
beforeAll(async () => {
  clients = await connectEachRole(product);
  const first = await firstKey(product);
  by = [first, await registeredKeyOf(product, 'admin2', first)];
  approver = await registeredKeyOf(product, 'approver', first);
  await admitByKeys(product, RUNBOOKS, 'set-file-text', ...by);
});

const api = (sql: string, values: readonly unknown[]) => clients?.roles.get('api')?.query(sql, [...values]);
const submit = (target: string, directory = newFolder()) =>
  product.call('helpdesk', 'POST', '/v1/jobs', {
    ...{ runbook: 'set-file-text', target, parameters: { directory, names: ['a'], text: 'x' }, reason: 'test' },
  });
const rowOf = async (id: string) =>
  (await admin.query<{ body: string }>('SELECT body FROM targets WHERE id = $1', [id])).rows[0]?.body;
/** What the API's role can write: the row of a target in another form. */
const alter = (form: Target) => api('UPDATE targets SET body = $2 WHERE id = $1', [form.id, canonicalJson(form)]);
async function admitted(name: string): Promise<Target> {
  const form = formOf(name);
  await admitTarget(product, by, form);
  return form;
}

/** One person removes a target. */
async function remove(target: Target): Promise<void> {
  const before = digestOfTarget(target);
  const contentDigest = targetChangesDigest([{ id: target.id, before, after: null }]);
  const proof = subjectProof(by[0], { kind: 'remove-targets', contentDigest, decision: 'request' });
  const body = { targets: [{ id: target.id, before }], reason: 'x', proof };
  expect((await product.call('admin', 'POST', '/v1/targets:remove', body)).body).toMatchObject({ status: 'done' });
}

it('one person changes nothing', async () => {
  const { id: _, ...body } = formOf('alone');
  const target = await admitted('kept');
  for (const [method, path, sent] of [
    ['POST', '/v1/targets', body],
    ['POST', '/v1/targets:import', { targets: [body] }],
    ['PATCH', `/v1/targets/${target.id}`, { tier: 1 }],
    ['DELETE', `/v1/targets/${target.id}`, undefined],
  ] as const) {
    const answer = await product.call('admin', method, path, sent);
    expect([method, answer.status, answer.body.code]).toEqual([method, 409, 'admission-required']);
  }
  const asked = await askForTarget(product, by[0], formOf('alone'));
  expect(asked.request.status).toBe('open');
  expect(await decideOnTarget(product, by[0], asked)).toMatchObject({ code: 'own-request' });
  expect((await submit('alone')).body).toMatchObject({ code: 'target-not-found' });
  expect(await rowOf(target.id)).toBe(canonicalJson(target));
});

it('two people admit a target, a job runs on it, and the log says what it was and who it was', async () => {
  const target = await admitted('pair');
  const directory = newFolder();
  const { body: submitted } = await submit('pair', directory);
  const job = await product.until(submitted.id, ['awaiting-approval', ...ENDS]);
  const body = await signedDecision(product, job, approver);
  expect((await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, body)).status).toBe(200);
  expect((await product.until(job.id, ENDS)).state).toBe('succeeded');
  expect(effects(directory)).toBe(1);

  const changed = { ...target, tier: 1 } as Target;
  const asked = await askForTarget(product, by[1], changed, { before: digestOfTarget(target) });
  const { body: detail } = await product.call('admin', 'GET', `/v1/admissions/${asked.request.id}`);
  expect(detail.targets).toEqual([{ id: target.id, before: digestOfTarget(target), current: target, after: changed }]);
  expect(await decideOnTarget(product, by[0], asked)).toMatchObject({ status: 'done' });
  const { rows } = await admin.query<{ action: string; writer: string; bytes: string }>(
    `SELECT action, writer, bytes FROM audit_events WHERE bytes LIKE $1 AND action IN ('target.created', 'target.changed') ORDER BY n`,
    [`%${target.id}%`],
  );
  expect(rows.map(({ action, writer }) => [action, writer])).toEqual([
    ['target.created', 'fixpoint_authority'],
    ['target.changed', 'fixpoint_authority'],
  ]);
  const { data } = JSON.parse(rows[1]?.bytes ?? '');
  expect(data).toMatchObject({ before: digestOfTarget(target), after: digestOfTarget(changed) });
  const statement = JSON.parse(data.admission) as SubjectAdmission;
  expect(statement.by.map(({ person }) => person.id)).toEqual(['admin2', 'admin']);
  const { body: now } = await product.call('admin', 'GET', `/v1/targets/${target.id}/admission`);
  expect(now).toMatchObject({ required: true, sha256: digestOfTarget(changed), target: changed });
});

describe('whoever has the role of the API', () => {
  it('makes no target count by its row', async () => {
    const form = formOf('inserted');
    await api('INSERT INTO targets (id, name, body) VALUES ($1, $2, $3)', [form.id, form.name, canonicalJson(form)]);
    expect((await submit('inserted')).body).toMatchObject({ status: 409, code: 'target-not-admitted' });
  });

  it('changes no target under those who admitted it, and under no job that was approved', async () => {
    const target = await admitted('moved');
    await alter({ ...target, site: 'elsewhere' });
    expect((await submit('moved')).body).toMatchObject({ code: 'target-not-admitted' });
    await alter(target);
    const directory = newFolder();
    const { body: submitted } = await submit('moved', directory);
    const job = await product.until(submitted.id, ['awaiting-approval', ...ENDS]);
    await product.call('operator', 'POST', '/v1/freeze', { reason: 'hold' });
    const body = await signedDecision(product, job, approver);
    await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, body);
    await alter({ ...target, tier: 1 });
    await product.call('operator', 'DELETE', '/v1/freeze');
    expect(await product.until(job.id, ENDS)).toMatchObject({ state: 'blocked', code: 'target-changed' });
    expect(effects(directory)).toBe(0);
  });

  it('carries no alteration along with an honest change', async () => {
    const target = await admitted('carried');
    const altered = { ...target, credentials: { detect: 'other', apply: 'other' } };
    await alter(altered);
    // The row is what an editor would start from.
    const asked = await askForTarget(
      product,
      by[0],
      { ...altered, tags: ['new'] },
      {
        before: digestOfTarget(altered),
      },
    );
    expect(asked.request).toMatchObject({ status: 'refused', code: 'target-changed' });
    const { body: form } = await product.call('admin', 'GET', `/v1/targets/${target.id}/admission`);
    expect(form).toMatchObject({ sha256: digestOfTarget(target), target });
  });

  it('writes no request in the name of another, and changes none that waits', async () => {
    const form = formOf('forged');
    const asked = await askForTarget(product, by[0], form);
    const other = { ...form, tier: 1 };
    const content = canonicalJson([{ id: form.id, before: null, after: other }]);
    await expect(
      api('UPDATE admission_requests SET content = $2 WHERE id = $1', [asked.request.id, content]),
    ).rejects.toThrow('permission denied');
    await admin.query('UPDATE admission_requests SET content = $2 WHERE id = $1', [asked.request.id, content]);
    expect(await decideOnTarget(product, by[1], asked)).toMatchObject({ status: 'refused', code: 'version-changed' });
    expect(await rowOf(form.id)).toBeUndefined();
  });
});

it('whoever has the role of authority and no key admits nothing', async () => {
  const form = formOf('keyless');
  const authority = clients?.roles.get('authority');
  await authority?.query('INSERT INTO targets (id, name, body) VALUES ($1, $2, $3)', [
    form.id,
    form.name,
    canonicalJson(form),
  ]);
  const folder = newFolder();
  await ensureGrantKey(join(folder, 'own.pem'), join(folder, 'own.json'));
  const known = await openAdmissionSigner(join(product.home, 'keys', 'grant.pem'));
  const own = await openAdmissionSigner(join(folder, 'own.pem'));
  const statement: SubjectAdmission = {
    ...{ v: 1, id: randomUUID(), subject: 'target', subjectId: form.id, name: form.name },
    ...{ sha256: digestOfTarget(form), before: null, by: [] },
    request: { id: randomUUID(), contentDigest: 'c', index: 0, count: 1 },
    ...{ signedAt: new Date().toISOString(), kid: own.kid },
  };
  for (const kid of [own.kid, known.kid]) {
    const bytes = subjectAdmissionBytes({ ...statement, id: randomUUID(), kid });
    const { id } = JSON.parse(bytes) as SubjectAdmission;
    await authority?.query(
      `INSERT INTO subject_admissions (id, subject, subject_id, bytes, signature, kid) VALUES ($1, 'target', $2, $3, $4, $5)`,
      [id, form.id, bytes, own.signSubjectAdmission(bytes), kid],
    );
    expect((await submit('keyless')).body).toMatchObject({ code: 'target-not-admitted' });
  }
  for (const sql of ['DELETE FROM subject_admissions', `UPDATE subject_admissions SET kid = 'x'`])
    await expect(authority?.query(sql)).rejects.toThrow('permission denied');
});

it('whoever has the role of authority has nothing carried out again', async () => {
  const target = await admitted('again');
  const asked = await askForTarget(
    product,
    by[0],
    { ...target, tier: 1 },
    {
      before: digestOfTarget(target),
    },
  );
  await decideOnTarget(product, by[1], asked);
  const authority = clients?.roles.get('authority');
  for (const sql of [
    `UPDATE admission_requests SET status = 'open' WHERE id = $1`,
    `UPDATE admission_requests SET status = 'new' WHERE id = $1`,
    `UPDATE admission_votes SET status = 'pending' WHERE request = $1`,
  ])
    await expect(authority?.query(sql, [asked.request.id])).rejects.toThrow('it was judged before');
});

it('rows that hold nonsense are refused, and hold up no other', async () => {
  const proof = JSON.stringify({ kind: 'token', tokenId: 'x' });
  const rows = [
    ['admit-targets', 'x', '[null]'],
    ['admit-targets', '{"id":"admin"}', '[{"id":"x","before":null,"after":{}}]'],
    ['admit-policy', 'null', '{'],
  ] as const;
  const ids: string[] = [];
  for (const [kind, person, content] of rows) {
    const id = randomUUID();
    ids.push(id);
    await api(
      `INSERT INTO admission_requests (id, kind, about, content_digest, content, person_id, person, reason, proof)
       VALUES ($1, $2, 'x', $3, $4, 'admin', $5, 'x', $6)`,
      [id, kind, 'a'.repeat(64), content, person, proof],
    );
  }
  await admitted('beside');
  await until('they are judged', async () => {
    const { rows: open } = await admin.query(
      `SELECT 1 FROM admission_requests WHERE id = ANY ($1::uuid[]) AND status = 'new'`,
      [ids],
    );
    return open.length === 0;
  });
  expect((await product.call('admin', 'GET', '/v1/admissions')).status).toBe(200);
});

it('a removal counts though the clock of authority was set back', async () => {
  const target = await admitted('ahead');
  const signer = await openAdmissionSigner(join(product.home, 'keys', 'grant.pem'));
  const { rows } = await admin.query<{ bytes: string }>(`SELECT bytes FROM subject_admissions WHERE subject_id = $1`, [
    target.id,
  ]);
  const statement: SubjectAdmission = {
    ...(JSON.parse(rows[0]?.bytes ?? '') as SubjectAdmission),
    ...{ id: randomUUID(), signedAt: '2090-01-01T00:00:00.000Z' },
  };
  const bytes = subjectAdmissionBytes(statement);
  await admin.query(
    `INSERT INTO subject_admissions (id, subject, subject_id, bytes, signature, kid) VALUES ($1, 'target', $2, $3, $4, $5)`,
    [statement.id, target.id, bytes, signer.signSubjectAdmission(bytes), signer.kid],
  );
  await remove(target);
  await api('INSERT INTO targets (id, name, body) VALUES ($1, $2, $3)', [
    target.id,
    target.name,
    canonicalJson(target),
  ]);
  expect((await submit('ahead')).body).toMatchObject({ code: 'target-not-admitted' });
});

it('a statement by token counts for nothing', async () => {
  const form = formOf('token');
  const signer = await openAdmissionSigner(join(product.home, 'keys', 'grant.pem'));
  const proof = { kind: 'token', tokenId: 'x' } as const;
  const person = (id: string) => ({
    ...{
      person: { id, name: id, roles: [] },
      decidedAt: new Date().toISOString(),
      reasonSha256: '0'.repeat(64),
      proof,
    },
  });
  const statement: SubjectAdmission = {
    ...{ v: 1, id: randomUUID(), subject: 'target', subjectId: form.id, name: form.name, before: null },
    ...{ sha256: digestOfTarget(form), by: [person('admin'), person('admin2')], kid: signer.kid },
    request: { id: randomUUID(), contentDigest: 'c', index: 0, count: 1 },
    signedAt: new Date().toISOString(),
  };
  const bytes = subjectAdmissionBytes(statement);
  await admin.query('INSERT INTO targets (id, name, body) VALUES ($1, $2, $3)', [
    form.id,
    form.name,
    canonicalJson(form),
  ]);
  await admin.query(
    `INSERT INTO subject_admissions (id, subject, subject_id, bytes, signature, kid) VALUES ($1, 'target', $2, $3, $4, $5)`,
    [statement.id, form.id, bytes, signer.signSubjectAdmission(bytes), signer.kid],
  );
  expect((await submit('token')).body).toMatchObject({ code: 'target-not-admitted' });
});

it('one person removes a target, and its old row does not make it count again', async () => {
  const target = await admitted('gone');
  await remove(target);
  expect(await rowOf(target.id)).toBeUndefined();
  expect((await submit('gone')).body).toMatchObject({ code: 'target-not-found' });
  await api('INSERT INTO targets (id, name, body) VALUES ($1, $2, $3)', [
    target.id,
    target.name,
    canonicalJson(target),
  ]);
  expect((await submit('gone')).body).toMatchObject({ code: 'target-not-admitted' });
});

it('the exported log shows by signatures who admitted which target, in both verifiers', async () => {
  await until('everything is chained', async () => {
    const { rows } = await admin.query('SELECT 1 FROM audit_unchained LIMIT 1');
    return rows.length === 0;
  });
  const file = join(newFolder(), 'log.jsonl');
  const env = { FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.auditor, FIXPOINT_HOME: product.home };
  expect((await command(env, 'audit', 'export', file)).code).toBe(0);
  const keys = join(product.home, 'keys', 'grant-public.json');
  expect(readFileSync(file, 'utf8')).toContain('fixpoint_authority');
  expect(await verifyAudit({ file, keys })).toMatchObject({ ok: true, problems: [], missing: [] });
  expect(verifyInPython(file, keys)).toMatchObject({ code: 0, verdict: { problems: [], missing: [] } });
});

it.each<[string, object, string]>([
  ['without a signature', { proof: undefined }, 'key-required'],
  ['of another form than the signature', { targets: 'other' }, 'signature-invalid'],
])('a request %s is refused', async (_, more, code) => {
  const form = formOf(`refused-${code}`);
  const { id, ...target } = form;
  const targets = 'targets' in more ? { targets: [{ id, before: null, target: { ...target, tier: 1 } }] } : more;
  const asked = await askForTarget(product, by[0], form, { more: targets });
  expect(asked.request).toMatchObject({ status: 'refused', code });
});
