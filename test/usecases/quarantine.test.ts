import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPowerShellHost } from '../../src/adapters/powershell/index.js';
import type { PowerShellHost } from '../../src/ports/powershell-host.js';
import { Folder, startDurable, until, type Durable } from '../support/durable.js';
import { ENGINE } from '../support/hosts.js';
import { mkdtempSync } from 'node:fs';

/** Scripts (by phase file) whose run throws inside the worker, for jobs whose text is `poison`. The engine below is the real one. */
const throwsIn = new Set<string>();

function poisoned(host: PowerShellHost): PowerShellHost {
  return {
    ...host,
    get pid() {
      return host.pid;
    },
    async open(place, options) {
      const opened = await host.open(place, options);
      if (!opened.ok) return opened;
      const session = opened.value;
      return {
        ok: true,
        value: {
          ...session,
          runPhase: (run, ...rest) => {
            const { text } = run.parameters.Parameters as { text?: string };
            const phase = run.script.name.split('/')[1] ?? '';
            if (text === 'poison' && throwsIn.has(phase)) throw new Error(`poison in ${phase}`);
            return session.runPhase(run, ...rest);
          },
        },
      };
    },
  };
}

let product: Durable;
beforeAll(async () => {
  const host = createPowerShellHost({
    engineDirectory: ENGINE,
    runtimeDirectory: mkdtempSync('/tmp/fxt-'),
    env: { PATH: '/usr/bin:/bin' },
  });
  product = await startDurable({
    host: poisoned(host),
    env: { FIXPOINT_LEASE_MS: '1000', FIXPOINT_RECONCILE_AFTER_MS: '200' },
  });
});
afterAll(() => product?.stop());

const text = { text: 'poison' };
const nudge = (id: string) =>
  product.admin.query('UPDATE jobs SET wake_at = least(wake_at, lease_until) WHERE id = $1', [id]);
async function ended(id: string, states: readonly string[]): Promise<any> {
  await until(async () => {
    await nudge(id);
    return states.includes((await product.call('admin', 'GET', `/v1/jobs/${id}`)).body.state);
  });
  return product.until(id, states);
}

describe('a poison job', () => {
  it('is blocked after its third attempt at planning, while others continue', async () => {
    throwsIn.add('Detect.ps1');
    const id = await product.submit(new Folder(), text);
    const other = product.planned(new Folder());
    expect(await ended(id, ['blocked'])).toMatchObject({ state: 'blocked', code: 'parked' });
    expect((await other).state).toBe('awaiting-approval');
    const { rows } = await product.admin.query('SELECT crashes, epoch FROM jobs WHERE id = $1', [id]);
    expect(rows).toEqual([{ crashes: 3, epoch: '3' }]);
    throwsIn.clear();
  });

  it('with a non-repeatable change is never run again after the first crash', async () => {
    const folder = new Folder();
    const job = await product.planned(folder, { ...text, class: 'once', names: ['a', 'b'] });
    throwsIn.add('Apply.ps1');
    await product.approve(job);
    // Somebody does the change that was in hand; what is left would be safe to go on with, were it not for the crash.
    await until(async () => (await product.actions(job.id)).includes('change.intent'));
    folder.write('a', 'poison');
    const done = await ended(job.id, ['needs-attention', 'failed', 'succeeded']);
    expect(done).toMatchObject({
      state: 'needs-attention',
      code: 'parked',
      changes: [{ result: 'in-place' }, { result: 'open' }],
    });
    // It ended its worker once: who looks at the target is told of the change in hand, and of no tries that never were.
    expect(done.detail).toBe(
      `its worker crashed or stopped responding with change ${job.plan.changes[0].id} in progress, which is in place now; ` +
        'changes of the plan that are left: 1',
    );
    expect((await product.actions(job.id)).filter((action) => action === 'change.intent')).toHaveLength(1);
    throwsIn.clear();
  });

  it('with repeatable changes is quarantined after the third crash', async () => {
    const job = await product.planned(new Folder(), text);
    throwsIn.add('Apply.ps1');
    await product.approve(job);
    const done = await ended(job.id, ['needs-attention', 'failed']);
    expect(done).toMatchObject({ state: 'needs-attention', code: 'parked' });
    expect(done.detail).toContain(`with change ${job.plan.changes[0].id} in progress, which is not in place`);
    expect((await product.actions(job.id)).filter((action) => action === 'change.intent')).toHaveLength(3);
    throwsIn.clear();
  });
});

describe('a job that a person resolves', () => {
  /** A job that needs attention: its once change was sent and not heard of. */
  async function unheard(): Promise<{ id: string; folder: Folder }> {
    const folder = new Folder();
    const job = await product.planned(folder, { ...text, class: 'once' });
    throwsIn.add('Apply.ps1');
    await product.approve(job);
    expect(await ended(job.id, ['needs-attention'])).toMatchObject({ code: 'outcome-unknown-once' });
    throwsIn.clear();
    return { id: job.id, folder };
  }

  it('as in place ends succeeded once a worker has checked it', async () => {
    const { id, folder } = await unheard();
    folder.write('a', 'poison');
    expect(await product.resolve(id, 'in-place')).toMatchObject({
      state: 'needs-attention',
      code: 'resolved-in-place',
    });
    const done = await product.until(id, ['succeeded', 'failed']);
    expect(done).toMatchObject({ state: 'succeeded', outcome: 'already-fine', changes: [{ result: 'in-place' }] });
    expect(done.proofs).toHaveLength(1);
  });

  it('as in place needs attention again if the target does not show it, and may be resolved again', async () => {
    const { id } = await unheard();
    await product.resolve(id, 'in-place');
    await until(async () => (await product.until(id, ['needs-attention'])).code !== 'resolved-in-place');
    expect(await product.until(id, ['needs-attention'])).toMatchObject({
      code: 'resolution-not-verified',
      changes: [{ result: 'unknown' }],
    });
    expect(await product.resolve(id, 'not-in-place')).toMatchObject({ state: 'failed', code: 'not-in-place' });
  });

  it('as in place is checked again while the target is unreachable', async () => {
    const { id, folder } = await unheard();
    throwsIn.add('Detect.ps1');
    await product.resolve(id, 'in-place');
    await until(async () => {
      const { rows } = await product.admin.query<{ crashes: number }>('SELECT crashes FROM jobs WHERE id = $1', [id]);
      await nudge(id);
      return (rows[0]?.crashes ?? 0) > 0;
    });
    throwsIn.clear();
    folder.write('a', 'poison');
    expect(await ended(id, ['succeeded', 'failed'])).toMatchObject({ state: 'succeeded' });
  });
});
