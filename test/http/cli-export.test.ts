import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { command } from '../support/command-line.js';
import { product, withProduct } from '../support/jobs.js';

withProduct({ workers: false });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync('/tmp/fixpoint-tests/export-');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...words: string[]) =>
  command(
    { FIXPOINT_HOME: product.home, FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.auditor },
    'audit',
    ...words,
  );

it('writes a new file, and replaces one only where that is asked for', async () => {
  const path = join(folder, 'audit.jsonl');
  expect(await run('export', path)).toEqual({ code: 0, text: expect.stringMatching(/^[0-9]+ events? written to /) });
  writeFileSync(path, 'something else');
  expect(await run('export', path)).toEqual({ code: 2, text: expect.stringContaining('add --overwrite') });
  expect(readFileSync(path, 'utf8')).toBe('something else');
  expect((await run('export', path, '--overwrite')).code).toBe(0);
  expect(readFileSync(path, 'utf8')).not.toContain('something else');
  expect(readdirSync(folder)).toEqual(['audit.jsonl']);
});

it('leaves the old file as it is where the server does not send the log', async () => {
  const path = join(folder, 'kept.jsonl');
  writeFileSync(path, 'old');
  const { code, text } = await command(
    { FIXPOINT_URL: product.url, FIXPOINT_TOKEN: product.tokens.helpdesk },
    ...['audit', 'export', path, '--overwrite'],
  );
  expect([code, text]).toEqual([1, expect.stringContaining('[not-allowed]')]);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

it('names a folder and a folder that is missing', async () => {
  expect(await run('export', folder)).toEqual({ code: 2, text: `${folder} is a folder. Name a file in it.\n` });
  const missing = join(folder, 'none', 'audit.jsonl');
  expect(await run('export', missing)).toEqual({ code: 2, text: `There is no folder ${join(folder, 'none')}.\n` });
});

it('writes into a device as it is', async () => {
  const path = join(folder, 'null');
  symlinkSync('/dev/null', path);
  expect((await run('export', path)).code).toBe(0);
  expect(readFileSync('/dev/null', 'utf8')).toBe('');
});

it('says that there is nothing to verify in an empty log, with a code of its own', async () => {
  const path = join(folder, 'empty.jsonl');
  writeFileSync(path, '');
  expect(await run('verify', path, '--keys', join(product.home, 'keys', 'grant-public.json'))).toEqual({
    code: 3,
    text: 'There is nothing to verify: the audit log has no event.\n',
  });
});
