import { afterEach, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createResultSpool } from '../../../src/adapters/spool/index.js';
import type { LateResult } from '../../../src/ports/result-spool.js';

const directory = join(mkdtempSync('/tmp/fxs-'), 'spool');
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const heard = (changeId: string): LateResult => ({
  job: 'j',
  epoch: 1,
  changeId,
  direction: 'apply',
  attempt: 1,
  result: 'changed',
});
const newSpool = (log: string[] = []) => createResultSpool({ directory, log: (text) => void log.push(text) });
async function drained(spool = newSpool()): Promise<readonly string[]> {
  const taken: string[] = [];
  await spool.drain(async ({ changeId }) => void taken.push(changeId));
  return taken;
}

it('stores results privately and merges each once, in order', async () => {
  const spool = newSpool();
  for (let i = 1; i <= 11; i++) await spool.keep(heard(`c${i}`));
  expect(readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777)).toEqual(
    Array(11).fill(0o600),
  );
  expect(await drained(spool)).toEqual(Array.from({ length: 11 }, (_, i) => `c${i + 1}`));
  expect(await drained(spool)).toEqual([]);
});

it('keeps every result that could not be merged', async () => {
  const spool = newSpool();
  for (const id of ['a', 'b', 'c']) await spool.keep(heard(id));
  const away = spool.drain(({ changeId }) =>
    changeId === 'b' ? Promise.reject(new Error('away')) : Promise.resolve(),
  );
  await expect(away).rejects.toThrow('away');
  expect(await drained(spool)).toEqual(['b', 'c']);
});

it('takes over the files of an ended worker, and not those of a running one', async () => {
  const spool = newSpool();
  await spool.keep(heard('own'));
  const [own = ''] = readdirSync(directory);
  const line = readFileSync(join(directory, own), 'utf8');
  const started = readFileSync('/proc/1/stat', 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
  writeFileSync(join(directory, `h-1-${started}-1.json`), line);
  writeFileSync(join(directory, 'h-1-1-1.json'), line);
  expect(await drained(spool)).toHaveLength(2);
  expect(readdirSync(directory)).toEqual([`h-1-${started}-1.json`]);
});

it('skips and reports files that a crash truncated or someone changed', async () => {
  const log: string[] = [];
  const spool = newSpool(log);
  for (const id of ['whole', 'cut', 'changed']) await spool.keep(heard(id));
  const file = (n: number) => join(directory, readdirSync(directory).find((name) => name.endsWith(`-${n}.json`)) ?? '');
  truncateSync(file(2), 40);
  writeFileSync(file(3), readFileSync(file(3), 'utf8').replace('"changed"', '"failed"'));
  writeFileSync(join(directory, 'h-1-1-9.json.new'), 'begun');
  expect(await drained(spool)).toEqual(['whole']);
  expect(log).toHaveLength(3);
  expect(readdirSync(directory)).toEqual([]);
});
