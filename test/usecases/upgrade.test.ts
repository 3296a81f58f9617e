import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/adapters/postgres/install/embedded.js';
import { withDatabase } from '../../src/adapters/postgres/index.js';
import { isTerminal, STATES, type State } from '../../src/domain/job.js';
import { verifyAudit } from '../../src/installation/verify-audit.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { command } from '../support/command-line.js';
import { putNewServer } from '../support/database-template.js';
import { newFolder, text } from '../support/jobs.js';
import { until } from '../support/patience.js';
import { newInstallation } from '../support/people.js';
import { addLocalTarget, startTestProduct, type TestProduct } from '../support/product.js';
import { verifyInPython } from '../support/second-verifier.js';

/** An installation of version 0.1.0 with a job in every state, upgraded to this version (docs/upgrading.md). */

const FIXTURE = join(INSTALL_ROOT, 'test/fixtures/upgrade-0.1.0');
const JOBS = JSON.parse(readFileSync(join(FIXTURE, 'jobs.json'), 'utf8')) as Readonly<
  Record<string, { readonly id: string; readonly state: State }>
>;
const idOf = (name: string) => (JOBS[name] as { id: string }).id;
const named = (wanted: (state: State) => boolean) =>
  Object.entries(JOBS).flatMap(([name, { state }]) => (wanted(state) ? [name] : []));
const ended = named(isTerminal);
const waiting = named((state) => state === 'awaiting-approval');

let home: string;
let product: TestProduct;

beforeAll(async () => {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true, mode: 0o755 });
  home = mkdtempSync('/tmp/fixpoint-tests/upgrade-');
  newInstallation(home);
  await putNewServer(home);
  cpSync(join(FIXTURE, 'keys'), join(home, 'keys'), { recursive: true });
  chmodSync(join(home, 'keys', 'grant.pem'), 0o600);
  const server = await startEmbeddedPostgres({ home, log: () => undefined });
  await run(server.adminUrl, 'CREATE DATABASE fixpoint');
  await run(withDatabase(server.adminUrl, 'fixpoint'), readFileSync(join(FIXTURE, 'record.sql'), 'utf8'));
  await server.stop();
  product = await startTestProduct({ home, workers: false });
});
afterAll(async () => {
  await product?.stop();
  rmSync(home, { recursive: true, force: true });
});

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

const job = async (name: string) => (await product.call('admin', 'GET', `/v1/jobs/${idOf(name)}`)).body;
const decide = (name: string, decision: 'approve' | 'reject', planDigest: string) =>
  product.call('approver2', 'POST', `/v1/jobs/${idOf(name)}/decision`, { decision, planDigest, reason: 'seen' });

/** The log as it is exported, judged by both verifiers. */
async function verified(): Promise<readonly unknown[]> {
  const file = join(newFolder(), 'log.jsonl');
  const env = { FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.auditor, FIXPOINT_HOME: home };
  expect((await command(env, 'audit', 'export', file)).code).toBe(0);
  const keys = join(home, 'keys', 'grant-public.json');
  const { ok, problems } = await verifyAudit({ file, keys });
  return [ok, problems, verifyInPython(file, keys).code];
}

describe('after the migrations, before any worker starts', () => {
  it('the fixture has a job in every state that 0.1.0 had', () => {
    // Scans came later.
    const then = STATES.filter((state) => state !== 'drifted').sort();
    expect([...new Set(Object.values(JOBS).map(({ state }) => state))].sort()).toEqual(then);
  });

  it.each(Object.keys(JOBS))('the job "%s" is there with its state', async (name) => {
    const { status, body } = await product.call('admin', 'GET', `/v1/jobs/${idOf(name)}`);
    expect([status, body.state, body.reason]).toEqual([200, JOBS[name]?.state, expect.any(String)]);
    const { body: output } = await product.call('admin', 'GET', `/v1/jobs/${idOf(name)}/output`);
    expect(output).toEqual(expect.anything());
  });

  it('the list, the targets and the runbooks of before are there', async () => {
    const { body: list } = await product.call('admin', 'GET', '/v1/jobs?limit=100');
    expect(list.items.map(({ id }: { id: string }) => id).sort()).toEqual(
      Object.values(JOBS)
        .map(({ id }) => id)
        .sort(),
    );
    const { body: targets } = await product.call('admin', 'GET', '/v1/targets');
    expect(targets.items.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['succeeded', 'running', 'unknown']),
    );
  });

  it.each(ended)('the ended job "%s" stays as it ended', async (name) => {
    const before = await job(name);
    const { status } = await product.call('helpdesk', 'POST', `/v1/jobs/${idOf(name)}/cancel`, { reason: 'x' });
    expect(status).toBe(409);
    expect(await job(name)).toEqual(before);
  });

  it.each(waiting)('the plan of "%s" is not approved any more, and can be rejected', async (name) => {
    const { plan } = await job(name);
    const refused = await decide(name, 'approve', plan.digest);
    expect([refused.status, refused.body.code]).toEqual([409, 'plan-outdated']);
    expect((await job(name)).state).toBe('awaiting-approval');
    expect((await decide(name, 'reject', plan.digest)).status).toBe(200);
    expect(await job(name)).toMatchObject({ state: 'rejected', code: 'rejected' });
  });

  it('the audit log verifies', async () => {
    expect(await verified()).toEqual([true, [], 0]);
  });
});

describe('with workers, in development mode', () => {
  beforeAll(async () => {
    await product.stop();
    product = await startTestProduct({ home });
    await addLocalTarget(product);
  });

  it.each<[string, State, string]>([
    ['planning', 'blocked', 'runbook-not-admitted'],
    ['deferred', 'blocked', 'runbook-not-admitted'],
    ['queued', 'blocked', 'runbook-not-admitted'],
    ['deferred after the approval', 'blocked', 'runbook-not-admitted'],
    ['running', 'needs-attention', 'runbook-not-admitted'],
    ['rolling-back', 'needs-attention', 'runbook-not-admitted'],
    ['unknown', 'needs-attention', 'runbook-not-admitted'],
  ])('the job that was %s runs nothing and becomes %s', async (name, state, code) => {
    expect(await product.until(idOf(name), [state])).toMatchObject({ state, code });
  });

  it('a job that waited for its proof still waits', async () => {
    expect(await job('waiting')).toMatchObject({ state: 'waiting' });
  });

  it('a job that needs attention is resolved by a person', async () => {
    const path = `/v1/jobs/${idOf('running')}/resolve`;
    const resolved = await product.call('operator', 'POST', path, { resolution: 'not-in-place', reason: 'looked' });
    expect(resolved.body).toMatchObject({ state: 'failed', code: 'not-in-place' });
  });

  it('what was rejected is submitted again, planned, approved and applied', async () => {
    const directory = newFolder();
    const { runbook } = await job('awaiting-approval');
    const wish = { runbook: runbook.id, target: 'box', parameters: { directory, names: ['a'], text: 'x' } };
    const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', { ...wish, reason: 'again' });
    const { plan } = await product.until(body.id, ['awaiting-approval']);
    expect(plan.admission).toMatchObject({ how: 'development' });
    const decision = { decision: 'approve', planDigest: plan.digest, reason: 'seen' };
    await product.call('approver', 'POST', `/v1/jobs/${body.id}/decision`, decision);
    expect((await product.until(body.id, ['succeeded'])).state).toBe('succeeded');
    expect(text(directory, 'a')).toBe('x');
  });

  it('a job of before is put back by a rollback only where its version is admitted', async () => {
    const answer = await product.call('helpdesk', 'POST', `/v1/jobs/${idOf('succeeded')}/rollback`, { reason: 'undo' });
    expect(answer.body.code).toBe('runbook-not-admitted');
  });

  it('the audit log verifies, and so does what the database holds of every job', async () => {
    const admin = new pg.Client({ connectionString: withDatabase(product.adminUrl, 'fixpoint') });
    await admin.connect();
    await until('everything is chained', async () => {
      const { rows } = await admin.query('SELECT 1 FROM audit_unchained LIMIT 1');
      return rows.length === 0;
    });
    await admin.end();
    expect(await verified()).toEqual([true, [], 0]);
    const env = { FIXPOINT_HOME: home, FIXPOINT_API_DATABASE_URL: product.urls.api };
    const told = await command(env, 'audit', 'verify', '--keys', join(home, 'keys', 'grant-public.json'));
    expect([told.code, told.text]).toEqual([0, expect.anything()]);
  });
});
