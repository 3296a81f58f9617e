import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureGrantKey, openGrantSigner } from '../../../src/adapters/keys/index.js';

let folder: string;
const privatePath = () => join(folder, 'keys', 'grant.pem');
const publicPath = () => join(folder, 'public', 'grant-public.json');
const kids = () =>
  (JSON.parse(readFileSync(publicPath(), 'utf8')) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
beforeAll(() => {
  folder = mkdtempSync('/tmp/fxk-');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('is made once by many processes that start together, and its two halves belong together', async () => {
  await Promise.all(Array.from({ length: 8 }, () => ensureGrantKey(privatePath(), publicPath())));
  const { kid } = await openGrantSigner(privatePath());
  expect(kids()).toEqual([kid]);
  expect(statSync(privatePath()).mode & 0o777).toBe(0o600);
  expect([...readdirSync(join(folder, 'keys')), ...readdirSync(join(folder, 'public'))]).toEqual([
    'grant.pem',
    'grant-public.json',
  ]);
});

it('gets its public half at the next start if the first process was killed between the two files', async () => {
  const { kid } = await openGrantSigner(privatePath());
  rmSync(publicPath());
  await ensureGrantKey(privatePath(), publicPath());
  expect(kids()).toEqual([kid]);
  expect((await openGrantSigner(privatePath())).kid).toBe(kid);
});
