import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { actingAsUser } from '../support/as-user.js';
import { Folder, startDurable, type Durable } from '../support/durable.js';
import { aHost } from '../support/hosts.js';

const runbooks = mkdtempSync('/tmp/fxr-');
const engine = aHost();
const started: ChildProcess[] = [];
let product: Durable;

/** The fixture `held`, as a runbook that acts as the interactive user. */
function heldAsUser(): void {
  cpSync(join(INSTALL_ROOT, 'test/fixtures/runbooks/held'), join(runbooks, 'held'), { recursive: true });
  for (const module of ['native', 'task-scheduler', 'user-session'])
    cpSync(join(INSTALL_ROOT, 'runbooks/_modules', module), join(runbooks, '_modules', module), { recursive: true });
  const path = join(runbooks, 'held', 'runbook.yaml');
  const manifest = readFileSync(path, 'utf8')
    .replace('modules: []', 'modules: [native, task-scheduler, user-session]')
    .replace('runAs: service', 'runAs: target-user')
    .replace(
      '  properties:\n    directory:',
      '  properties:\n    userSid: { type: string, maxLength: 80, default: S-1-5-21-0-0-0-1000, description: The user. }\n    directory:',
    );
  writeFileSync(path, manifest);
}

beforeAll(async () => {
  heldAsUser();
  product = await startDurable({ runbooks: [runbooks], host: actingAsUser(engine.host), slots: 1 });
  const [box] = (await product.call('admin', 'GET', '/v1/targets')).body.items;
  const settings = { userSession: 'task' };
  expect((await product.call('admin', 'PATCH', `/v1/targets/${box.id}`, { settings })).status).toBe(200);
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await product?.stop();
  await engine.close();
  rmSync(runbooks, { recursive: true, force: true });
});

/** A worker in a process of its own; resolves when it has killed itself there. */
async function diesAt(point: string): Promise<void> {
  const child = fork(join(INSTALL_ROOT, 'test/fixtures/dying-worker.ts'), [point], {
    execArgv: ['--import', 'tsx'],
    env: {
      PATH: process.env.PATH,
      FIXPOINT_HOME: product.home,
      FIXPOINT_ALLOW_LOCAL: '1',
      FIXPOINT_LEASE_MS: '3000',
      FIXPOINT_RECONCILE_AFTER_MS: '1500',
      FIXPOINT_WORKER_DATABASE_URL: product.urls.worker,
      FIXPOINT_QUEUE_DATABASE_URL: product.urls.queue,
    },
  });
  started.push(child);
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}

const count = async (id: string, action: string) =>
  (await product.actions(id)).filter((known) => known === action).length;

describe('a worker that is killed around a phase as the interactive user', () => {
  it.each(['detect:before', 'detect:after'])('%s: the job is planned once, by the next worker', async (point) => {
    await product.stopWorker();
    const folder = new Folder();
    const id = await product.submit(folder);
    await diesAt(point);
    expect([await count(id, 'job.planning-started'), await count(id, 'job.planned')]).toEqual([1, 0]);
    await product.startWorker();
    const job = await product.until(id, ['awaiting-approval', 'blocked']);
    expect(job).toMatchObject({ state: 'awaiting-approval', plan: { changes: [{ after: 'x' }] } });
    expect([await count(id, 'job.planned'), folder.effects()]).toEqual([1, 0]);
  });

  it.each([
    ['apply:before', 'ensure', 0, 'succeeded', 1, ['changed']],
    ['apply:after', 'ensure', 1, 'succeeded', 1, ['in-place']],
    ['apply:before', 'once', 0, 'needs-attention', 0, ['unknown']],
    ['apply:after', 'once', 1, 'succeeded', 1, ['in-place']],
  ] as const)(
    '%s, a change of class %s: it is neither lost nor made twice',
    async (point, kind, atDeath, state, atEnd, results) => {
      const folder = new Folder();
      const planned = await product.planned(folder, { class: kind });
      await product.stopWorker();
      await product.approve(planned);
      await diesAt(point);
      expect([folder.effects(), await count(planned.id, 'change.intent')]).toEqual([atDeath, 1]);
      expect(await count(planned.id, 'change.result')).toBe(0);
      await product.startWorker();
      const job = await product.until(planned.id, ['succeeded', 'failed', 'needs-attention', 'blocked']);
      expect([job.state, job.changes.map(({ result }: any) => result)]).toEqual([state, results]);
      expect(job.timeline.map((line: any) => line.state)).toContain('unknown');
      expect(folder.effects()).toBe(atEnd);
    },
  );
});
