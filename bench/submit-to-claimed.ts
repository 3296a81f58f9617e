import { addLocalTarget, startTestProduct, type TestProduct } from '../test/support/product.js';
import { percentile, type Figure } from './figures.js';
import { noOpHost } from './no-op-host.js';
import { submitNothingToDo } from './nothing-to-do.js';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Submit at a steady rate; the time until a worker claimed the job for planning, from the record's own clock. */
export async function submitToClaimed(): Promise<readonly Figure[]> {
  const real = await startTestProduct();
  const slow = await steadily(real, 5, 40).finally(() => real.stop());
  const bare = await startTestProduct({ host: noOpHost(), slots: 16 });
  const fast = await steadily(bare, 50, 50)
    .then(() => steadily(bare, 50, 500))
    .finally(() => bare.stop());
  return [
    ...figuresOf('submit to claimed at 5/s, real engine', slow),
    ...figuresOf('submit to claimed at 50/s, no-op executor', fast),
  ];
}

function figuresOf(name: string, times: readonly number[]): readonly Figure[] {
  return [
    { name: `${name}, median`, unit: 'ms', values: times },
    { name: `${name}, p99`, unit: 'ms', values: [percentile(times, 0.99)] },
  ];
}

async function steadily(product: TestProduct, perSecond: number, count: number): Promise<readonly number[]> {
  const { body } = await product.call('admin', 'GET', '/v1/targets');
  if ((body.items as readonly unknown[]).length === 0) await addLocalTarget(product);
  const ids: string[] = [];
  for (let i = 0; i < count; i++) {
    const due = Date.now() + 1000 / perSecond;
    ids.push(await submitNothingToDo(product));
    await sleep(Math.max(0, due - Date.now()));
  }
  const times: number[] = [];
  for (const id of ids) {
    const { timeline } = await product.until(id, ['awaiting-approval', 'compliant', 'blocked', 'deferred']);
    const [submitted, claimed] = timeline as readonly { at: string }[];
    if (submitted && claimed) times.push(Date.parse(claimed.at) - Date.parse(submitted.at));
  }
  return times;
}
