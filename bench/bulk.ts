import { addLocalTarget, startTestProduct, type TestProduct } from '../test/support/product.js';
import type { Figure } from './figures.js';
import { noOpHost } from './no-op-host.js';
import { submitNothingToDo } from './nothing-to-do.js';
import { serverMs } from './processor-time.js';

const JOBS = 1000;
const CLIENTS = 16;

/**
 * Jobs submitted as fast as they are taken, with a stand-in for the engine: jobs a second from the first request to the last end,
 * and the processor time that one job costs in Node (clients, api, relay, authority and worker in one process) and in PostgreSQL.
 */
export async function bulk(): Promise<readonly Figure[]> {
  const product = await startTestProduct({ host: noOpHost(), slots: CLIENTS });
  try {
    await addLocalTarget(product);
    await wave(product, 200);
    const waves = [];
    for (let i = 0; i < 5; i++) waves.push(await wave(product, JOBS));
    return [
      { name: 'bulk, submit to end, no-op executor', unit: '/s', values: waves.map(({ rate }) => rate) },
      { name: 'bulk, processor time of Node a job', unit: 'ms', values: waves.map(({ node }) => node) },
      { name: 'bulk, processor time of PostgreSQL a job', unit: 'ms', values: waves.map(({ postgres }) => postgres) },
    ];
  } finally {
    await product.stop();
  }
}

async function wave(product: TestProduct, count: number) {
  const started = Date.now();
  const cpu = process.cpuUsage();
  const database = serverMs(product.postgresPid);
  let next = 0;
  const ids: string[] = [];
  const client = async () => {
    while (next++ < count) ids.push(await submitNothingToDo(product));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  for (const id of ids) await product.until(id, ['compliant', 'blocked']);
  const { user, system } = process.cpuUsage(cpu);
  return {
    rate: (count / (Date.now() - started)) * 1000,
    node: (user + system) / 1000 / count,
    postgres: (serverMs(product.postgresPid) - database) / count,
  };
}
