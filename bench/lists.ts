import { readFileSync } from 'node:fs';
import { localTarget } from '../test/support/local-target.js';
import { startTestProduct, type TestProduct } from '../test/support/product.js';
import type { Who } from '../test/support/people.js';
import type { Figure } from './figures.js';
import { noOpHost } from './no-op-host.js';

/** As many as one request may have. */
const ITEMS = 500;
const RUNS = 20;
/** A person may have five rollouts that have not ended: each of these takes turns. */
const REQUESTERS: readonly Who[] = ['helpdesk', 'operator', 'admin', 'helpdesk2'];

/**
 * Requests about many targets at once: 20 rollouts over 500 targets each, 10,000 items, with a stand-in for the engine. How long the answer to
 * one takes, how long until all items of all of them are planned, and what 1,000 jobs that wait add to the memory of the processes.
 */
export async function lists(): Promise<readonly Figure[]> {
  const product = await startTestProduct({
    ...{ host: noOpHost(), slots: 16 },
    env: { FIXPOINT_SUBMIT_PER_MINUTE: '1000000' },
  });
  try {
    const names = Array.from({ length: ITEMS }, (_, i) => `box-${i}`);
    for (let from = 0; from < ITEMS; from += 100) {
      const targets = names.slice(from, from + 100).map(localTarget);
      must(await product.call('admin', 'POST', '/v1/targets:import', { targets }), 201);
    }
    const before = residentMb();
    const answers: number[] = [];
    const ids: string[] = [];
    const began = performance.now();
    for (let run = 0; run < RUNS; run++) {
      const who = REQUESTERS[run % REQUESTERS.length] ?? 'operator';
      const at = performance.now();
      const { body } = must(
        await product.call(who, 'POST', '/v1/rollouts', {
          ...{ runbook: 'set-file-text', reason: 'bench', expect: ITEMS, select: { sites: ['test'] } },
          parameters: { directory: '/tmp', names: ['none'], text: `${run}` },
        }),
        201,
      );
      answers.push(performance.now() - at);
      ids.push(body.id as string);
    }
    const submitted = performance.now() - began;
    const after = residentMb();
    for (const id of ids) await ended(product, id);
    const seconds = (performance.now() - began) / 1000;
    return [
      { name: `rollout over ${ITEMS} targets, answer`, unit: 'ms', values: answers },
      { name: `${RUNS} of them, ${RUNS * ITEMS} items, all answers`, unit: 's', values: [submitted / 1000] },
      { name: 'items planned a second, no-op executor', unit: '/s', values: [(RUNS * ITEMS) / seconds] },
      {
        name: 'memory that 1,000 waiting jobs add to Node',
        unit: 'MB',
        values: [((after - before) / (ITEMS * RUNS)) * 1000],
      },
    ];
  } finally {
    await product.stop();
  }
}

function must<T extends { readonly status: number; readonly body: any }>(answer: T, status: number): T {
  if (answer.status !== status) throw new Error(JSON.stringify(answer.body));
  return answer;
}

async function ended(product: TestProduct, id: string): Promise<void> {
  for (;;) {
    const { body } = await product.call('admin', 'GET', `/v1/rollouts?limit=100`);
    if (body.items.some((one: any) => one.id === id && one.status === 'ended')) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const residentMb = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? Number.NaN) / 1024;
