import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestProduct } from '../test/support/product.js';

/**
 * One side of `plain-job`: the product of the checkout in the working directory, in one process, with a stand-in for the engine.
 * It answers each message of its parent with what this process has used and asked of the database so far.
 */
const checkout = process.cwd();
const load = (path: string) => import(pathToFileURL(join(checkout, path)).href);

/** What a side has used since it began. */
export interface SideUse {
  readonly nodeMs: number;
  readonly statements: number;
}

/** What the parent needs to work with a side. */
export interface SideReady {
  readonly url: string;
  readonly token: string;
  readonly adminUrl: string;
  readonly postgresPid: number;
}

interface Queries {
  query(this: unknown, ...words: unknown[]): unknown;
}

let statements = 0;
const { Client } = createRequire(join(checkout, 'package.json'))('pg') as { Client: { prototype: Queries } };
const ask = Client.prototype.query;
Client.prototype.query = function (...words) {
  statements += 1;
  return ask.apply(this, words);
};

const { startTestProduct, addLocalTarget } = (await load('test/support/product.ts')) as {
  startTestProduct: (options: object) => Promise<TestProduct>;
  addLocalTarget: (product: TestProduct) => Promise<unknown>;
};
const { noOpHost } = (await load('bench/no-op-host.ts')) as { noOpHost: () => unknown };
const redis = process.env.BENCH_REDIS_URL;
const product = await startTestProduct({
  host: noOpHost(),
  slots: 16,
  ...(redis === undefined ? {} : { env: { REDIS_URL: redis } }),
});
await addLocalTarget(product);

process.on('message', (message) => {
  if (message === 'stop') {
    void product.stop().then(
      // The parent ends this side by a message; its open connections would otherwise keep it.
      () => process.exit(0),
      () => process.exit(1),
    );
    return;
  }
  const { user, system } = process.cpuUsage();
  process.send?.({ nodeMs: (user + system) / 1000, statements } satisfies SideUse);
});
const { url, tokens, adminUrl, postgresPid } = product;
process.send?.({ url, token: tokens.helpdesk, adminUrl, postgresPid } satisfies SideReady);
