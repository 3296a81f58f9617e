import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { runtimeDirectory } from '../../src/platform/runtime-directory.js';
import { startTestProduct } from '../../test/support/product.js';
import type { BenchTarget } from './targets.js';
import { endMasters } from './raw.js';

/**
 * The product of the comparison in a process of its own, with its own PostgreSQL: each line of its input is a request, each line of its
 * output the answer. `plan` submits one rollout and waits for its plans; `run` is from the decision that approves it to its end.
 */
interface Asked {
  readonly what: 'plan' | 'forget' | 'run' | 'stop';
  readonly targets?: readonly BenchTarget[];
  readonly text?: string;
}

const [setup = ''] = process.argv.slice(2);
const { slots, identityFile, targets } = JSON.parse(readFileSync(setup, 'utf8')) as {
  readonly slots: number;
  readonly identityFile: string;
  readonly targets: readonly BenchTarget[];
};
// The parent puts this process on its account before anything is started.
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await lines.next();

const product = await startTestProduct({
  slots,
  runbooks: [join(INSTALL_ROOT, 'demo/rollout/runbooks')],
  credentials: {
    credentials: {
      key: {
        reference: `secret://file${identityFile}`,
        use: ['detect', 'apply'],
        targets: targets.map(({ name }) => name),
        tiers: [2],
      },
    },
  },
});
for (const { name, host, port, user, hostKey } of targets) {
  const { status, body } = await product.call('admin', 'POST', '/v1/targets', {
    ...{ name, kind: 'server', transport: { type: 'ssh', host, port, user, hostKey } },
    ...{ credentials: { detect: 'key', apply: 'key' }, tier: 2, site: 'bench', tags: [] },
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
}

const read = async (id: string) => (await product.call('admin', 'GET', `/v1/rollouts/${id}`)).body;
async function until(id: string, holds: (rollout: any) => boolean): Promise<any> {
  for (;;) {
    const rollout = await read(id);
    if (holds(rollout)) return rollout;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

let planned = '';
async function plan(which: readonly BenchTarget[], text: string): Promise<void> {
  const { status, body } = await product.call('operator', 'POST', '/v1/rollouts', {
    ...{ runbook: 'set-login-notice', reason: 'bench', expect: which.length, atOnce: slots },
    items: which.map(({ name, file }) => ({ target: name, parameters: { file, text } })),
    waves: [{ size: 1 }, { size: 'rest' }],
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  planned = body.id;
  const { items } = await until(planned, ({ items: all }) => all.every(({ status }: any) => status !== 'planning'));
  expectAll(items, 'planned');
}

async function run(): Promise<void> {
  const { root } = (await product.call('admin', 'GET', `/v1/rollouts/${planned}/plans`)).body;
  for (const who of ['approver', 'approver2'] as const) {
    const { status, body } = await product.call(who, 'POST', `/v1/rollouts/${planned}/decision`, {
      ...{ decision: 'approve', root, reason: 'bench' },
    });
    if (status !== 200) throw new Error(JSON.stringify(body));
    if (body.status === 'running') break;
  }
  const { items } = await until(planned, ({ status }) => status === 'ended');
  expectAll(items, 'fixed');
}

function expectAll(items: readonly any[], status: string): void {
  const other = items.find((one) => one.status !== status);
  if (other !== undefined) throw new Error(`${other.target} is ${other.status}: ${other.code}`);
}

console.log('done');
for (;;) {
  const { value, done } = (await lines.next()) as { value: string; done?: boolean };
  const asked: Asked = done ? { what: 'stop' } : (JSON.parse(value) as Asked);
  try {
    if (asked.what === 'plan') await plan(asked.targets ?? [], asked.text ?? '');
    if (asked.what === 'forget') endMasters(runtimeDirectory(product.home));
    if (asked.what === 'run') await run();
  } catch (error) {
    console.log(`error ${(error as Error).message.replaceAll('\n', ' ')}`);
    continue;
  }
  if (asked.what === 'stop') break;
  console.log('done');
}
await product.stop();
// The product has ended; sockets of its client's keep-alive pool would hold this process for seconds.
process.exit(0);
