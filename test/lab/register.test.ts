import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertMayRegister, registerEstate } from '../../demo/register.js';
import { startLab, type Lab } from '../../lab/index.js';
import { createClient } from '../../src/cli/api/client.js';
import { ENGINE } from '../support/hosts.js';
import { labHomeOf } from '../support/lab-home.js';
import { startTestProduct, type TestProduct } from '../support/product.js';

const FIRST = { reference: 'secret://env/MINE', userName: 'me', use: ['detect'], targets: ['mine'], tiers: [2] };
let product: TestProduct;
let lab: Lab;
const up = () =>
  startLab({ home: labHomeOf('register'), engineDirectory: ENGINE, log: () => undefined, parts: ['linux'] });
const client = (who: 'operator' | 'helpdesk') => createClient({ url: product.url, token: product.tokens[who] });
const register = async () => (await registerEstate(client('operator'), lab)).map((one) => `${one.name} ${one.outcome}`);
const credentials = () => JSON.parse(readFileSync(join(product.home, 'credentials.json'), 'utf8'));

beforeAll(async () => {
  product = await startTestProduct({ credentials: { credentials: { mine: FIRST } } });
  process.env.FIXPOINT_HOME = product.home;
  lab = await up();
});
afterAll(async () => {
  delete process.env.FIXPOINT_HOME;
  await product?.stop();
  await lab?.stop();
});

it('is for who may change the inventory', async () => {
  await expect(assertMayRegister(client('helpdesk'))).rejects.toMatchObject({ code: 'not-allowed' });
  await assertMayRegister(client('operator'));
});

it('registers targets and credentials once, and again after a new start; a job reaches them', async () => {
  expect(await register()).toEqual(['linux-1 added', 'linux-2 added']);
  expect(await register()).toEqual(['linux-1 unchanged', 'linux-2 unchanged']);
  const { credentials: entries } = credentials();
  expect(Object.keys(entries)).toEqual(expect.arrayContaining(['mine', 'linux-reader', 'linux-writer']));
  expect(entries.mine).toEqual(FIRST);
  // A target that was allowed meanwhile stays allowed.
  const allowed = { ...entries['linux-reader'], targets: [...entries['linux-reader'].targets, 'other'] };
  const changed = { credentials: { ...entries, 'linux-reader': allowed } };
  writeFileSync(join(product.home, 'credentials.json'), JSON.stringify(changed));

  // Another start has other ports.
  lab = await up();
  expect(await register()).toEqual(['linux-1 changed', 'linux-2 changed']);
  expect(credentials().credentials['linux-reader'].targets.sort()).toEqual(['linux-1', 'linux-2', 'other']);
  const { body } = await product.call('helpdesk', 'POST', '/v1/jobs', {
    runbook: 'set-file-text',
    target: 'linux-1',
    parameters: { directory: product.home, names: ['a'] },
    reason: 'test',
  });
  expect(await product.until(body.id, ['awaiting-approval', 'blocked', 'deferred'])).toMatchObject({
    state: 'awaiting-approval',
  });
});

it('overwrites nothing that is not of the laboratory', async () => {
  const operator = client('operator');
  const known = await operator.get('/v1/targets/{id}', { path: { id: 'linux-2' } });
  await operator.patch('/v1/targets/{id}', { path: { id: known.id }, body: { tags: [] } });
  const before = credentials();
  await expect(register()).rejects.toMatchObject({ code: 'name-taken' });
  await operator.patch('/v1/targets/{id}', { path: { id: known.id }, body: { tags: ['lab'] } });

  const spoiled = { credentials: { ...before.credentials, 'linux-writer': FIRST } };
  writeFileSync(join(product.home, 'credentials.json'), JSON.stringify(spoiled));
  await expect(register()).rejects.toMatchObject({ code: 'credential-exists' });
  expect(credentials()).toEqual(spoiled);
});
