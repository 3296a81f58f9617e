import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/patience.js';
import { startRunningProduct, type RunningProduct } from '../support/running-product.js';

let product: RunningProduct;
beforeAll(async () => {
  // Also on an address of IPv6, and with commands that know nothing but the home.
  product = await startRunningProduct({ FIXPOINT_HOST: '::1' });
  await product.ready();
});
afterAll(() => product?.remove());

const kill = async (names: readonly string[]): Promise<void> => {
  const before = product.parts();
  for (const name of names) process.kill(before[name] ?? 0, 'SIGKILL');
  await until(`each of ${names.join(', ')} is started again`, () => {
    const now = product.parts();
    return names.every((name) => now[name] !== undefined && now[name] !== before[name]);
  });
};

it('prints the address of IPv6 in brackets, and keeps it in the home for the commands', async () => {
  expect(product.url).toMatch(/^http:\/\/\[::1\]:/);
  await until('it says that it is up', () => product.output().includes('Fixpoint is up at '));
  expect(product.output()).toContain(`Fixpoint is up at ${product.url}\n`);
  expect(JSON.parse(readFileSync(join(product.home, 'address.json'), 'utf8'))).toEqual({ url: product.url });
});

it('says what the one-command start does not protect against, and hands no password to a process by its environment', () => {
  expect(product.output()).toMatch(/^Evaluation mode: one operating system user owns .*docs\/guides\/production\.md$/m);
  for (const name of ['authority', 'relay', 'worker', 'api']) {
    const environment = readFileSync(`/proc/${product.parts()[name]}/environ`, 'utf8');
    expect(environment).toContain('_DATABASE_URL_FILE=');
    expect(environment).not.toContain('postgres://');
  }
  for (const name of readdirSync(join(product.home, 'keys')).filter((file) => file.endsWith('.secret')))
    expect([name, statSync(join(product.home, 'keys', name)).mode & 0o777]).toEqual([name, 0o600]);
});

describe('the supervisor', () => {
  it('restarts the embedded database after kill -9, and serves requests again', async () => {
    await kill(['PostgreSQL']);
    expect(product.output()).toMatch(/^PostgreSQL ended \(.+\); starting it again$/m);
    await product.ready();
    product.cli(undefined, 'person', 'add', 'au', 'Auditor', 'auditor');
    let token = '';
    await until('the database is back', () => {
      const { code, text } = product.cli(undefined, 'token', 'issue', 'au');
      token = text.trim();
      return code === 0;
    });
    expect(product.cli(token, 'audit', 'export', join(product.home, 'log.jsonl'))).toMatchObject({ code: 0 });
    expect(readFileSync(join(product.home, 'log.jsonl'), 'utf8')).toContain('token.issued');
  });

  it('starts every other part again after kill -9', async () => {
    await kill(['authority', 'relay', 'worker', 'api']);
    await product.ready();
  });

  it('ends with the reason when a part cannot be restarted, and leaves no process', async () => {
    renameSync(join(product.home, 'postgres', 'global', 'pg_control'), join(product.home, 'pg_control'));
    process.kill(product.parts().PostgreSQL ?? 0, 'SIGKILL');
    expect(await product.ended()).toBe(1);
    expect(product.output()).toMatch(
      /^Stopping: PostgreSQL cannot be restarted\. It ended 6 times in a row: .*pg_control/m,
    );
    await until('no process is left', () => product.left().length === 0);
  });
});
