import { afterEach, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { freePort } from '../../lab/sshd.js';
import { until } from '../support/patience.js';
import { startRunningProduct, type RunningProduct } from '../support/running-product.js';

let product: RunningProduct | undefined;
let folder: string | undefined;
afterEach(async () => {
  await product?.remove();
  product = undefined;
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

it('starts from any working directory, and stops everything though nobody reads its output any more', async () => {
  folder = mkdtempSync('/tmp/fixpoint-cwd-');
  product = await startRunningProduct({}, { cwd: folder });
  await product.ready();
  // What `npm start | tee log` leaves after Ctrl-C: the reader ends first.
  product.child.stdout?.destroy();
  product.child.stderr?.destroy();
  const { worker } = product.parts();
  process.kill(worker ?? 0, 'SIGKILL');
  await until('the worker is started again', () => ![undefined, worker].includes(product?.parts().worker));
  process.kill(product.child.pid ?? 0, 'SIGINT');
  expect(await product.ended()).toBe(0);
  expect(product.left()).toEqual([]);
});

it('says why a part did not start, and not which Node it was', async () => {
  const port = await freePort('127.0.0.1');
  product = await startRunningProduct({ REDIS_URL: `redis://127.0.0.1:${port}` });
  expect(await product.ended()).toBe(1);
  expect(product.output().trimEnd().split('\n').at(-1)).toMatch(
    new RegExp(
      `^(relay|worker) cannot be restarted\\. It ended 6 times in a row: Error: connect ECONNREFUSED .*:${port}$`,
    ),
  );
});
