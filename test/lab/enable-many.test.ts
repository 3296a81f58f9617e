import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { attributeVersions } from '../../lab/domain/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { counted } from '../support/counted.js';
import { BASE, startDirectoryProduct, type DirectoryProduct } from '../support/directory.js';
import { createPatience } from '../support/patience.js';

let at: DirectoryProduct;
const workers: ChildProcess[] = [];
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
/** A third of what one of three jobs names is named by another, too. */
const PART = counted(8, 50);
const MANY = names('many-', 6 * PART);
const SOME = names('killed-', 60);
const FROZEN = names('frozen-', 60);
const LISTED = names('listed-', 40);
let guid: Readonly<Record<string, string>>;

beforeAll(async () => {
  at = await startDirectoryProduct('many', ['domain'], { slots: 3 });
  await at.change(`dn: OU=Sip,OU=Staff,${BASE}\nchangetype: add\nobjectClass: organizationalUnit\n`);
  guid = await at.addUsers([...MANY, ...SOME, ...FROZEN, ...LISTED].map((id) => ({ id })));
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await at?.stop();
});

const ask = (ids: readonly string[]) =>
  at.plan('enable-sip-user', { users: ids.map((id) => guid[id]), maxObjects: ids.length });
/** Samba counts the deletion and the addition of one swap apart. */
const BORN = 1;
const SWAPPED_ONCE = BORN + 2;
const written = async (prefix: string) => {
  const filter = `(&(sAMAccountName=${prefix}*)(msRTCSIP-PrimaryUserAddress=sip:${prefix}*))`;
  return Object.values(await attributeVersions(at.domain, 'msRTCSIP-UserEnabled', filter));
};
const count = (jobs: readonly any[], result: string) =>
  jobs.flatMap(({ changes }) => changes).filter((change: any) => change.result === result);

it('users in three jobs at once over overlapping sets are changed exactly once each', async () => {
  const sets = [
    MANY.slice(0, 3 * PART),
    MANY.slice(2 * PART, 5 * PART),
    [...MANY.slice(4 * PART), ...MANY.slice(0, PART)],
  ];
  const jobs = await Promise.all(sets.map(ask));
  expect(jobs.map(({ plan }) => plan.changes.length)).toEqual(sets.map(() => 3 * PART));
  expect(await written('many-')).toEqual(MANY.map(() => BORN));
  await Promise.all(jobs.map(at.approve));
  const done = await Promise.all(jobs.map(({ id }) => at.product.until(id, ['succeeded', 'failed', 'blocked'])));
  expect(done.map(({ state, code }) => [state, code])).toEqual(sets.map(() => ['succeeded', undefined]));
  // The objects that two jobs name are changed by the first; the second finds them in place and claims nothing.
  const changed = count(done, 'changed').map(({ resource }) => resource);
  expect([...changed].sort()).toEqual(MANY.map((id) => `user:${guid[id]}`).sort());
  expect(count(done, 'in-place')).toHaveLength(3 * PART);
  // What the directory itself counted: written at its birth and once since.
  expect(await written('many-')).toEqual(MANY.map(() => SWAPPED_ONCE));
});

it('40 users are enabled by one request and one decision of each approver, and one report names them all', async () => {
  const call = at.product.call;
  const submitted = await call('operator', 'POST', '/v1/rollouts', {
    ...{ runbook: 'enable-sip-user', reason: 'The pool was taken away', expect: LISTED.length },
    items: LISTED.map((id) => ({ target: 'contoso', parameters: { users: [guid[id]] } })),
  });
  expect([submitted.status, submitted.body.count]).toEqual([201, LISTED.length]);
  const { id } = submitted.body;
  const until = async (what: string, holds: (rollout: any) => boolean) => {
    const patience = createPatience(what);
    for (;;) {
      const { body } = await call('operator', 'GET', `/v1/rollouts/${id}`);
      if (holds(body)) return body;
      if (patience.isOver(JSON.stringify(body.items.map(({ state }: any) => state)))) throw new Error(`never: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  await until('all are planned', ({ items }) => items.every(({ status }: any) => status === 'planned'));
  expect(await written('listed-')).toEqual(LISTED.map(() => BORN));
  const { body: plans } = await call('approver', 'GET', `/v1/rollouts/${id}/plans`);
  // What a person has to read is one kind of change, 40 times.
  expect(plans.groups.map(({ items }: any) => items.length)).toEqual([LISTED.length]);
  for (const who of ['approver', 'approver2'] as const) {
    const body = { decision: 'approve', root: plans.root, reason: 'as agreed' };
    expect((await call(who, 'POST', `/v1/rollouts/${id}/decision`, body)).status).toBe(200);
  }
  const ended = await until('it has ended', ({ status }) => status === 'ended');
  expect([ended.ending, ended.items.map(({ status }: any) => status)]).toEqual(['finished', LISTED.map(() => 'fixed')]);
  expect(await written('listed-')).toEqual(LISTED.map(() => SWAPPED_ONCE));
});

it('a worker that is killed between two changes leaves a job that is reconciled without a person, and nothing is done twice', async () => {
  // A pool of its own, so that a worker process of its own has the job.
  const settings = at.product.api.context.settings as { pool: string };
  settings.pool = 'killed';
  startWorkerProcess();
  const job = await ask(SOME).finally(() => (settings.pool = 'default'));
  await at.approve(job);
  const progress = async () => (await at.product.call('admin', 'GET', `/v1/jobs/${job.id}`)).body;
  while ((await progress()).progress.done < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  workers[0]?.kill('SIGKILL');
  const killed = await progress();
  expect(killed.state).toBe('running');
  expect(killed.progress.done).toBeLessThan(SOME.length);
  startWorkerProcess();
  const done = await at.product.until(job.id, ['succeeded', 'failed', 'needs-attention']);
  expect([done.state, done.outcome]).toEqual(['succeeded', 'fixed']);
  expect(done.timeline.map(({ state }: any) => state)).toContain('unknown');
  // At most the change in hand was unheard; it is called in place, never ours.
  expect(count([done], 'changed').length).toBeGreaterThanOrEqual(SOME.length - 1);
  expect(count([done], 'changed').length + count([done], 'in-place').length).toBe(SOME.length);
  expect(await written('killed-')).toEqual(SOME.map(() => SWAPPED_ONCE));
});

it('a directory that freezes in the middle leaves an unknown change that is reconciled without a person, and nothing is done twice', async () => {
  const job = await ask(FROZEN);
  await at.approve(job);
  const progress = async () => (await at.product.call('admin', 'GET', `/v1/jobs/${job.id}`)).body;
  while ((await progress()).progress.done < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  // The whole server, its children too: it holds its connections and answers nothing.
  process.kill(-at.domain.pid, 'SIGSTOP');
  const stuck = await at.product.until(job.id, ['unknown', 'succeeded', 'failed']).finally(() => {
    process.kill(-at.domain.pid, 'SIGCONT');
  });
  expect([stuck.state, stuck.code]).toEqual(['unknown', 'timed-out']);
  const done = await at.product.until(job.id, ['succeeded', 'failed', 'needs-attention']);
  expect([done.state, done.outcome]).toEqual(['succeeded', 'fixed']);
  expect(count([done], 'changed').length + count([done], 'in-place').length).toBe(FROZEN.length);
  // What was sent before the freeze may have landed after it: whichever it was, the swap happened once.
  expect(await written('frozen-')).toEqual(FROZEN.map(() => SWAPPED_ONCE));
});

function startWorkerProcess(): void {
  const { home, urls } = at.product;
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('FIXPOINT_') && name !== 'NODE_OPTIONS',
  );
  const child = fork(join(INSTALL_ROOT, 'workers/main.ts'), ['worker'], {
    execArgv: ['--import', 'tsx'],
    stdio: 'ignore',
    env: {
      ...Object.fromEntries(inherited),
      FIXPOINT_HOME: home,
      FIXPOINT_POOL: 'killed',
      FIXPOINT_SLOTS: '1',
      FIXPOINT_LEASE_MS: '3000',
      FIXPOINT_RECONCILE_AFTER_MS: '1500',
      FIXPOINT_WORKER_DATABASE_URL: urls.worker,
      FIXPOINT_QUEUE_DATABASE_URL: urls.queue,
    },
  });
  workers.push(child);
}
