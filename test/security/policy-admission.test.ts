import { beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '../../src/domain/policy/default-policy.js';
import { sha256 } from '../../src/domain/digest.js';
import { policyChangeDigest } from '../../src/domain/policy-change.js';
import { judged } from '../support/admission.js';
import { admin, product, withProduct } from '../support/jobs.js';
import { firstKey, registeredKeyOf, type OwnKey } from '../support/keys.js';
import { createPatience } from '../support/patience.js';
import { decideOnTarget, subjectProof } from '../support/target-admission.js';

/** In production the policy that counts is the one that two people admitted last; no file and no row is. */

withProduct({ env: { FIXPOINT_MODE: 'production' } });
let by: readonly [OwnKey, OwnKey];
beforeAll(async () => {
  const first = await firstKey(product);
  by = [first, await registeredKeyOf(product, 'admin2', first)];
});

/** The built-in policy, but helpdesk may freeze. */
const policyText = (rules: readonly object[] = []) => JSON.stringify({ rules: [...DEFAULT_POLICY.rules, ...rules] });
const MORE = { id: 'more', effect: 'allow', actions: ['freeze'], roles: ['helpdesk'] };

async function ask(text: string, key: OwnKey = by[0]) {
  const before = (await product.call(key.person, 'GET', '/v1/policy')).body.admitted as string | null;
  const contentDigest = policyChangeDigest({ before, text });
  const proof = subjectProof(key, { kind: 'admit-policy', contentDigest, decision: 'request' });
  const answer = await product.call(key.person, 'POST', '/v1/policy:admit', { before, text, reason: 'x', proof });
  return { contentDigest, request: answer.status === 201 ? await judged(product, answer) : answer.body };
}
const freezes = async () => {
  const { status } = await product.call('helpdesk', 'POST', '/v1/freeze', { reason: 'x' });
  if (status === 200) await product.call('admin', 'DELETE', '/v1/freeze');
  return status;
};
/** What the policy allows once it counts, within a second. */
async function until(status: number): Promise<number> {
  const patience = createPatience('a policy counts');
  for (;;) {
    const seen = await freezes();
    if (seen === status || patience.isOver('waits')) return seen;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it('a policy file changes nothing', async () => {
  writeFileSync(join(product.home, 'policy.json'), policyText([MORE]));
  expect(await freezes()).toBe(403);
});

it('two people put a policy in force, and the log says which and who', async () => {
  const text = policyText([MORE]);
  const asked = await ask(text);
  expect(asked.request.status).toBe('open');
  expect(await freezes()).toBe(403);
  expect(await decideOnTarget(product, by[0], asked)).toMatchObject({ code: 'own-request' });
  expect(await decideOnTarget(product, by[1], asked)).toMatchObject({ status: 'done' });
  expect(await until(200)).toBe(200);
  expect((await product.call('admin', 'GET', '/v1/policy')).body.digest).toBe(sha256(text));
  const { rows } = await admin.query<{ bytes: string }>(
    `SELECT bytes FROM audit_events WHERE action = 'policy.admitted' AND writer = 'fixpoint_authority'`,
  );
  expect(rows.map(({ bytes }) => JSON.parse(bytes).data)).toMatchObject([{ before: null, after: sha256(text) }]);
});

it('of two that are asked for over the same one, the second is refused once the first counts', async () => {
  const [first, second] = [
    await ask(policyText([MORE, { ...MORE, id: 'a' }])),
    await ask(policyText([MORE, { ...MORE, id: 'b' }])),
  ];
  expect(await decideOnTarget(product, by[1], first)).toMatchObject({ status: 'done' });
  expect(await decideOnTarget(product, by[1], second)).toMatchObject({ status: 'refused', code: 'version-changed' });
});

it.each<[string, string, string]>([
  ['is no JSON', '{"rules":', 'policy-unreadable'],
  ['has an unknown action', policyText([{ ...MORE, id: 'x', actions: ['fly'] }]), 'policy-unreadable'],
  [
    'nobody could change again',
    JSON.stringify({ rules: [{ ...MORE, actions: ['signed-in', 'read-targets'] }] }),
    'policy-unreadable',
  ],
])('a policy that %s is refused', async (_, text, code) => {
  expect((await ask(text)).request).toMatchObject({ status: 'refused', code });
});

it('a stored text that is not the admitted one stops every decision', async () => {
  await admin.query('ALTER TABLE subject_admissions DISABLE TRIGGER ALL');
  const { rows } = await admin.query<{ id: string; content: string }>(
    `SELECT id, content FROM subject_admissions WHERE subject = 'policy' ORDER BY n DESC`,
  );
  const { id, content } = rows[0] ?? { id: '', content: '' };
  await admin.query('UPDATE subject_admissions SET content = $2 WHERE id = $1', [id, policyText()]);
  await admin.query('ALTER TABLE subject_admissions ENABLE TRIGGER ALL');
  // A process reads the text when another statement counts; this one is asked anew, as a process that starts.
  const { createAdmittedPolicy } = await import('../../src/adapters/identity/admitted-policy.js');
  const { context } = product.api;
  const source = createAdmittedPolicy(
    context.subjectAdmissions,
    () => context.admissionRules()?.verifySubject,
    context.values,
  );
  await expect(source.read()).rejects.toThrow('not the one that was admitted');
  await admin.query('ALTER TABLE subject_admissions DISABLE TRIGGER ALL');
  await admin.query('UPDATE subject_admissions SET content = $2 WHERE id = $1', [id, content]);
  await admin.query('ALTER TABLE subject_admissions ENABLE TRIGGER ALL');
  await expect(source.read()).resolves.toMatchObject({ digest: sha256(content) });
});
