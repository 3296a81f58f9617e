import { expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainedEvent } from '../../src/domain/audit.js';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { admissionProof, admitByKeys, filesOf, judged } from '../support/admission.js';
import { command } from '../support/command-line.js';
import { actions, admin, decide, effects, ENDS, newFolder, planned, product, withProduct } from '../support/jobs.js';
import { firstKey, registeredKeyOf, signedDecision, type OwnKey } from '../support/keys.js';
import { admitTarget, formOf } from '../support/target-admission.js';
import { until } from '../support/patience.js';
import { verifyInPython } from '../support/second-verifier.js';
import { chain } from '../security/logs.js';

withProduct({ env: { FIXPOINT_MODE: 'production' } });

const RUNBOOKS = join(INSTALL_ROOT, 'test/fixtures/runbooks');
let admins: readonly [OwnKey, OwnKey];

it('in production nothing is loaded, and only two signatures admit a runbook', async () => {
  const wish = { runbook: 'set-file-text', target: 'box', parameters: {}, reason: 'test' };
  expect((await product.call('helpdesk', 'POST', '/v1/jobs', wish)).body).toMatchObject({ code: 'runbook-not-found' });
  const { contentDigest, files } = await filesOf(RUNBOOKS, 'set-file-text');
  const ask = async (more: object) => {
    const answer = await product.call('admin', 'POST', '/v1/admissions', {
      kind: 'admit',
      files,
      before: null,
      reason: 'x',
      ...more,
    });
    return { body: await judged(product, answer) };
  };
  expect((await ask({})).body).toMatchObject({ status: 'refused', code: 'key-required' });
  const first = await firstKey(product);
  admins = [first, await registeredKeyOf(product, 'admin2', first)];
  const facts = { kind: 'admit', runbook: 'set-file-text', contentDigest, before: null, reason: 'x' } as const;
  const asked = { ...facts, decision: 'request' } as const;
  expect((await ask({ proof: admissionProof(admins[1], asked) })).body).toMatchObject({ code: 'key-unknown' });
  const other = admissionProof(first, { ...asked, contentDigest: 'a'.repeat(64) });
  expect((await ask({ proof: other })).body).toMatchObject({ code: 'signature-invalid' });
  const compared = admissionProof(first, { ...asked, before: 'a'.repeat(64) });
  expect((await ask({ proof: compared })).body).toMatchObject({ code: 'signature-invalid' });
  const old = { nonce: 'b'.repeat(32), at: '2026-01-01T00:00:00.000Z' };
  expect((await ask({ proof: admissionProof(first, asked, old) })).body).toMatchObject({ code: 'decision-stale' });
  const proof = admissionProof(first, asked);
  const { body: open } = await ask({ proof });
  expect(open).toMatchObject({ status: 'open' });
  expect((await ask({ proof })).body).toMatchObject({ status: 403, code: 'decision-replayed' });
  const confirm = (more: object) =>
    product.call('admin2', 'POST', `/v1/admissions/${open.id}/decision`, {
      ...{ decision: 'confirm', contentDigest, reason: 'x', ...more },
    });
  expect((await confirm({})).body).toMatchObject({ status: 403, code: 'key-required' });
  expect((await confirm({ proof: admissionProof(admins[1], asked) })).body).toMatchObject({
    code: 'signature-invalid',
  });
  expect((await product.call('admin', 'GET', '/v1/runbooks')).body.items).toEqual([]);
  await admitByKeys(product, RUNBOOKS, 'set-file-text', ...admins);
  expect((await product.call('admin', 'GET', '/v1/runbooks/set-file-text')).body).toMatchObject({ contentDigest });
});

it('in production a token decides nothing, and the command line says what does', async () => {
  await admitTarget(product, [admins[0], admins[1]], formOf('box'));
  const directory = newFolder();
  const job = await planned('set-file-text', { directory, names: ['a'], text: 'x' });
  for (const decision of ['approve', 'reject'])
    expect((await decide(job, 'approver', { decision })).body).toMatchObject({ status: 403, code: 'key-required' });
  const env = { FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.approver, XDG_CONFIG_HOME: directory };
  const told = await command(env, 'job', 'approve', job.id, '--reason', 'seen', '--plan', job.plan.digest);
  expect(told.code).toBe(1);
  expect(told.text).toContain('[key-required]');
  expect(told.text).toContain('Make a key with `fixpoint key new`, register it with `fixpoint key add`');
  expect((await product.call('admin', 'GET', `/v1/jobs/${job.id}`)).body.state).toBe('awaiting-approval');
  expect((await actions(job.id)).filter((action) => action === 'job.decision-refused')).toHaveLength(3);
  expect(effects(directory)).toBe(0);

  const key = await registeredKeyOf(product, 'approver', admins[0]);
  const signed = await signedDecision(product, job, key);
  expect((await product.call('approver', 'POST', `/v1/jobs/${job.id}/decision`, signed)).status).toBe(200);
  expect((await product.until(job.id, ENDS)).state).toBe('succeeded');
  expect(effects(directory)).toBe(1);
});

it('the exported log shows who admitted what by their signatures, in both verifiers', async () => {
  await until('everything is chained', async () => {
    const { rows } = await admin.query('SELECT 1 FROM audit_unchained LIMIT 1');
    return rows.length === 0;
  });
  const file = join(newFolder(), 'log.jsonl');
  const env = { FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.auditor, FIXPOINT_HOME: product.home };
  const exported = await command(env, 'audit', 'export', file);
  expect([exported.code, exported.text]).toEqual([0, expect.anything()]);
  const keys = join(product.home, 'keys', 'grant-public.json');
  expect(await verifyAudit({ file, keys })).toMatchObject({ ok: true, problems: [] });
  expect(verifyInPython(file, keys)).toMatchObject({ code: 0, verdict: { problems: [] } });

  // The same log without the registration of one of the two keys.
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const links = lines.map((line) => JSON.parse(line) as ChainedEvent);
  const entries = links.filter(({ event }) => !(event.includes('key.registered') && event.includes(admins[1].kid)));
  const chained = chain(entries.map(({ writer, event }) => [writer, event] as const));
  writeFileSync(file, chained.map((link) => `${JSON.stringify(link)}\n`).join(''));
  const told = await verifyAudit({ file, keys });
  expect(told.problems).toContainEqual({
    seq: expect.any(Number),
    reason: 'the word of The admin2 for the admission does not hold: key-unknown',
  });
  const { code, verdict } = verifyInPython(file, keys);
  expect([code, verdict.problems.map(({ seq }) => seq)]).toEqual([1, told.problems.map(({ seq }) => seq)]);
});
