import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openCheckpointSigner } from '../../src/adapters/keys/checkpoint-keys.js';
import type { ChainedEvent } from '../../src/domain/audit.js';
import { checkpointBody, eventLeaf, originOf } from '../../src/domain/checkpoint.js';
import { rootOf } from '../../src/domain/merkle.js';
import { ensureGrantKey } from '../../src/adapters/keys/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { DEFAULT_POLICY } from '../../src/domain/policy/default-policy.js';
import { policyChangeDigest } from '../../src/domain/policy-change.js';
import { admitByKeys, judged } from '../support/admission.js';
import { command, type Ran } from '../support/command-line.js';
import { putNewServer } from '../support/database-template.js';
import { effects, ENDS, newFolder } from '../support/jobs.js';
import { firstKey, registeredKeyOf, signedDecision, type OwnKey } from '../support/keys.js';
import { until } from '../support/patience.js';
import { newInstallation } from '../support/people.js';
import { startTestProduct, type TestProduct } from '../support/product.js';
import { verifyInPython } from '../support/second-verifier.js';
import { admitTarget, decideOnTarget, formOf, subjectProof } from '../support/target-admission.js';

/** The drills of docs/guides/grant-key.md: the private grant key is lost, and it is stolen. */

mkdirSync('/tmp/fixpoint-tests', { recursive: true, mode: 0o755 });
const home = mkdtempSync('/tmp/fixpoint-tests/grant-key-');
const privateKey = join(home, 'keys', 'grant.pem');
const publicKeys = join(home, 'keys', 'grant-public.json');
let product: TestProduct | undefined;
const running = () => product as TestProduct;

const begin = async () => (product = await startTestProduct({ home, env: { FIXPOINT_MODE: 'production' } }));
async function end(): Promise<void> {
  await product?.stop();
  product = undefined;
}
const fixpoint = (...words: string[]): Promise<Ran> => command({ FIXPOINT_HOME: home }, ...words);
/** The pinned keys, by the answer of the command. */
async function keys(): Promise<readonly { readonly kid: string; readonly status: string }[]> {
  return JSON.parse((await fixpoint('--json', 'grant-key', 'list')).text).items;
}

interface Setup {
  readonly by: readonly [OwnKey, OwnKey];
  readonly approver: OwnKey;
}

/** Everything that people sign but the target: their keys, the policy and a runbook. */
async function setUp(): Promise<Setup> {
  const first = await firstKey(running());
  const by = [first, await registeredKeyOf(running(), 'admin2', first)] as const;
  await admitPolicy(by);
  const approver = await registeredKeyOf(running(), 'approver', first);
  await admitByKeys(running(), join(INSTALL_ROOT, 'test/fixtures/runbooks'), 'set-file-text', ...by);
  return { by, approver };
}

const submission = (directory = newFolder()) =>
  running().call('helpdesk', 'POST', '/v1/jobs', {
    ...{ runbook: 'set-file-text', target: 'box', parameters: { directory, names: ['a'], text: 'x' }, reason: 'test' },
  });

/** Two people admit the built-in policy, over the one that counts. */
async function admitPolicy([first, second]: Setup['by']): Promise<void> {
  const text = JSON.stringify(DEFAULT_POLICY);
  const before = (await running().call('admin', 'GET', '/v1/policy')).body.admitted as string | null;
  const contentDigest = policyChangeDigest({ before, text });
  const proof = subjectProof(first, { kind: 'admit-policy', contentDigest, decision: 'request' });
  const asked = await running().call(first.person, 'POST', '/v1/policy:admit', { before, text, reason: 'x', proof });
  const done = await decideOnTarget(running(), second, { request: await judged(running(), asked), contentDigest });
  expect(done).toMatchObject({ status: 'done' });
}

async function submitted(directory?: string) {
  const { status, body } = await submission(directory);
  expect([status, body]).toEqual([201, expect.anything()]);
  return running().until(body.id, [...ENDS, 'awaiting-approval']);
}

async function approved(by: OwnKey, job: any): Promise<any> {
  const body = await signedDecision(running(), job, by);
  return (await running().call(by.person, 'POST', `/v1/jobs/${job.id}/decision`, body)).body;
}

/** A job that is approved and that no worker has begun. */
async function waitingForWorker(by: OwnKey, directory: string) {
  const job = await submitted(directory);
  expect(job.state).toBe('awaiting-approval');
  await running().stopWorker();
  expect((await approved(by, job)).state).toMatch(/^(approved|queued)$/);
  return job;
}

async function succeeds(by: OwnKey): Promise<void> {
  const job = await submitted();
  await approved(by, job);
  expect(await running().until(job.id, ENDS)).toMatchObject({ state: 'succeeded' });
}

/** What both verifiers say of the log, with these keys. */
async function verdicts(file: string, pinned = publicKeys) {
  const ours = await fixpoint('--json', 'audit', 'verify', file, '--keys', pinned);
  const { ok, problems } = JSON.parse(ours.text);
  const python = verifyInPython(file, pinned).verdict;
  expect([python.ok, python.problems[0]?.seq]).toEqual([ok, problems[0]?.seq]);
  return { ok, first: problems[0]?.seq as number | undefined, events: python.events };
}

async function exported(name: string): Promise<string> {
  const file = join(home, name);
  writeFileSync(file, await (await fetch(`${running().url}/v1/audit/export`, auth())).text());
  return file;
}
/** The log once it has the approval of this job. */
async function exportedWith(name: string, job: string): Promise<string> {
  let file = '';
  await until('the approval is chained', async () => {
    file = await exported(name);
    return readFileSync(file, 'utf8')
      .split('\n')
      .some((line) => line.includes('job.approved') && line.includes(job));
  });
  return file;
}

/** The checkpoint over the first events of an export, as authority signs it. */
async function checkpointOver(log: string, size: number): Promise<string> {
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, size);
  const links = lines.map((line) => JSON.parse(line) as ChainedEvent);
  const body = checkpointBody({
    origin: originOf(links[0]?.hash ?? '', 0),
    size,
    root: rootOf(links.map((link) => eventLeaf(link))),
  });
  const file = join(home, `checkpoint-${size}.txt`);
  writeFileSync(file, (await openCheckpointSigner(privateKey)).signCheckpoint(body));
  return file;
}

const auth = () => ({
  headers: { authorization: `Bearer ${running().tokens.auditor}`, accept: 'application/jsonl' },
});

let people: Setup;
/** The job that was approved before the key was lost. */
let waiting: string;
const left = newFolder();
beforeAll(async () => {
  newInstallation(home);
  await putNewServer(home);
  await begin();
  people = await setUp();
  await admitTarget(running(), people.by, formOf('box'));
  await succeeds(people.approver);
  ({ id: waiting } = await waitingForWorker(people.approver, left));
  await end();
});
afterAll(async () => {
  await end();
  rmSync(home, { recursive: true, force: true });
});

it('a lost key is not replaced in silence', async () => {
  const kept = readFileSync(privateKey);
  rmSync(privateKey);
  await expect(ensureGrantKey(privateKey, publicKeys)).rejects.toThrow(
    /There is no private grant key .*fixpoint grant-key new/,
  );
  expect(statSync(privateKey, { throwIfNoEntry: false })).toBeUndefined();
  writeFileSync(privateKey, kept, { mode: 0o600 });
  chmodSync(privateKey, 0o600);
});

it('after a loss a new key signs, and what the lost one signed counts on', async () => {
  rmSync(privateKey);
  const [lost] = await keys();
  expect((await fixpoint('grant-key', 'new')).text).toContain(`Pinned in ${publicKeys}`);
  expect((await keys()).map(({ status }) => status)).toEqual(['verifies', 'signs']);
  expect(statSync(privateKey).mode & 0o777).toBe(0o600);
  await begin();
  // The job that was approved with the lost key, and one that is approved with the new one.
  expect(await running().until(waiting, ENDS)).toMatchObject({ state: 'succeeded' });
  expect(effects(left)).toBe(1);
  await succeeds(people.approver);
  const file = await exported('lost.jsonl');
  expect(await verdicts(file)).toMatchObject({ ok: true });
  // Without the lost key nobody can verify what it signed.
  const other = join(home, 'one.json');
  const { keys: pinned } = JSON.parse(readFileSync(publicKeys, 'utf8'));
  writeFileSync(other, JSON.stringify({ keys: pinned.filter(({ kid }: { kid: string }) => kid !== lost?.kid) }));
  expect(await verdicts(file, other)).toMatchObject({ ok: false });
});

it('after a theft nothing counts that the stolen key signed, until people sign again', async () => {
  const directory = newFolder();
  const job = await waitingForWorker(people.approver, directory);
  const before = await exportedWith('before.jsonl', job.id);
  const { events } = await verdicts(before);
  await end();
  const [lost, stolen] = await keys();
  // The newest checkpoint that was kept elsewhere, and one of a time before.
  const [newest, earlier] = [await checkpointOver(before, events), await checkpointOver(before, events - 10)];
  expect(await fixpoint('grant-key', 'revoke', stolen?.kid ?? '')).toMatchObject({ code: 2 });
  for (const { kid } of await keys())
    expect(await fixpoint('grant-key', 'revoke', kid, '--checkpoints', newest)).toMatchObject({
      code: 0,
      text: expect.stringContaining(`trusted up to event ${events}`),
    });
  // No process signs with a key that nobody accepts.
  await expect(ensureGrantKey(privateKey, publicKeys)).rejects.toThrow(/is revoked.*fixpoint grant-key new/);
  await fixpoint('grant-key', 'new');
  expect((await keys()).map(({ status }) => status)).toEqual(['revoked', 'revoked', 'signs']);
  await begin();
  expect(await running().until(job.id, ENDS)).toMatchObject({ state: 'blocked', code: 'grant-invalid' });
  expect(effects(directory)).toBe(0);
  const again = await setUp();
  const { body } = await running().call('helpdesk', 'GET', '/v1/targets');
  const [target] = body.items;
  expect(await submission()).toMatchObject({ status: 409, body: { code: 'target-not-admitted' } });
  await admitTarget(running(), again.by, formOf('box', { id: target.id }));
  await succeeds(again.approver);
  const file = await exported('stolen.jsonl');
  expect(await verdicts(file)).toMatchObject({ ok: true });
  // What the stolen key signed after the last event that is trusted is no approval.
  expect(await fixpoint('grant-key', 'revoke', stolen?.kid ?? '', '--checkpoints', earlier)).toMatchObject({ code: 0 });
  const cut = await verdicts(file);
  expect(cut.ok).toBe(false);
  expect(cut.first).toBeGreaterThan(events - 10);
  // Never widened again.
  expect(await fixpoint('grant-key', 'revoke', stolen?.kid ?? '', '--checkpoints', newest)).toMatchObject({ code: 1 });
  // Without the key that was lost before, nothing of its time can be verified.
  expect(await fixpoint('grant-key', 'revoke', lost?.kid ?? '', '--trust-nothing')).toMatchObject({ code: 0 });
  expect((await verdicts(file)).first).toBeLessThan(events - 10);
});

describe('the file of public keys', () => {
  it('is looked at whole: no revocation counts for nothing', async () => {
    const kept = readFileSync(publicKeys, 'utf8');
    const { keys: pinned } = JSON.parse(kept);
    const { revoked: _, checkpoint: __, ...key } = pinned[1];
    for (const [wrong, why] of [
      [[...pinned, key], 'twice'],
      [[{ ...key, kid: '0'.repeat(16) }], 'has not the id of its key'],
      [[{ ...key, revoked: 'true' }], 'neither revoked'],
      [[{ ...key, revokd: true }], 'which means nothing'],
      [[{ ...key, checkpoint: 'x' }], 'a checkpoint that is none'],
      ['none', 'no list of public keys'],
    ] as const) {
      writeFileSync(publicKeys, JSON.stringify({ keys: wrong }));
      expect(await fixpoint('grant-key', 'list')).toMatchObject({ code: 1, text: expect.stringContaining(why) });
      await expect(ensureGrantKey(privateKey, publicKeys)).rejects.toThrow(why);
    }
    writeFileSync(publicKeys, kept);
  });

  it('is the same wherever it is on a machine', async () => {
    const other = join(home, 'other.json');
    writeFileSync(other, JSON.stringify({ keys: [JSON.parse(readFileSync(publicKeys, 'utf8')).keys[2]] }));
    const asked = await command({ FIXPOINT_HOME: home, FIXPOINT_GRANT_PUBLIC: other }, 'grant-key', 'list');
    expect(asked).toMatchObject({ code: 1, text: expect.stringContaining('hold different public keys') });
    rmSync(other);
    symlinkSync(publicKeys, other);
    const linked = await command({ FIXPOINT_HOME: home, FIXPOINT_GRANT_PUBLIC: other }, 'grant-key', 'new');
    expect(linked.text).toContain(`Pinned in ${publicKeys}.`);
    expect(lstatSync(other).isSymbolicLink()).toBe(true);
  });

  it('has no key of another id', async () => {
    expect(await fixpoint('grant-key', 'revoke', 'nobody', '--trust-nothing')).toMatchObject({
      code: 1,
      text: expect.stringContaining('There is no grant key nobody: fixpoint grant-key list'),
    });
  });
});
