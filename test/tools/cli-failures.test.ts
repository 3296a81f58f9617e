import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inWords } from '../../src/cli/api/in-words.js';
import { CODES } from '../../src/domain/codes/index.js';
import { command } from '../support/command-line.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync('/tmp/fxf-');
  mkdirSync(join(home, 'keys'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const STOPPED = 'postgres://fixpoint_api:very-secret@127.0.0.1:1/fixpoint';
const run = (env: Readonly<Record<string, string>>, ...words: string[]) =>
  command({ FIXPOINT_HOME: home, ...env }, ...words);
const put = (name: string, text: string) => {
  writeFileSync(join(home, name), text);
  return join(home, name);
};
/** What Node says of a system error, and nothing else does. */
const RAW = /^(Error: )?E[A-Z]{4,}|Unexpected (end|token)|illegal operation|no such file or directory, /m;

describe('a system error is said in words', () => {
  it('a database that is stopped', async () => {
    put('people.json', JSON.stringify({ people: [{ id: 'ann', name: 'Ann', roles: ['admin'] }] }));
    put('keys/grant-public.json', '{"keys":[]}');
    for (const words of [
      ['token', 'issue', 'ann'],
      ['token', 'list'],
      ['audit', 'verify'],
    ]) {
      const { code, text } = await run({ FIXPOINT_API_DATABASE_URL: STOPPED }, ...words);
      expect([words, code, text]).toEqual([words, 1, expect.stringContaining('The database does not answer')]);
      expect(text).toContain('Start Fixpoint with npm start, or run fixpoint doctor.');
      expect(text).not.toContain('very-secret');
    }
  });

  it.each<[string, () => string[], string]>([
    ['a folder in place of an export', () => ['audit', 'verify', home], 'is a folder. Name an exported file.'],
    ['a folder of keys', () => ['audit', 'verify', put('a', ''), '--keys', home], 'is a folder'],
    ['keys that are cut off', () => ['audit', 'verify', put('a', ''), '--keys', put('k', '{"ke')], 'is not JSON'],
    ['a folder of targets', () => ['target', 'import', home], 'is a folder'],
    ['a file below a file', () => ['target', 'import', join(put('f', ''), 'x')], 'a part of this path is a file'],
    ['a file that is missing', () => ['target', 'import', join(home, 'none.csv')], 'There is no '],
    ['an export below a file', () => ['audit', 'export', join(put('f', ''), 'x')], ''],
  ])('%s', async (_, words, message) => {
    const { code, text } = await run({ FIXPOINT_URL: 'http://127.0.0.1:9', FIXPOINT_TOKEN: 'fxp_x' }, ...words());
    expect(code).toBeGreaterThan(0);
    expect(text).toContain(message);
    expect(text).not.toMatch(RAW);
    expect(text).toContain(home);
  });

  it('connection.json that is empty or cut off, without what it holds', async () => {
    put('keys/grant-public.json', '{"keys":[]}');
    for (const text of ['', '{"api":"postgres://fixpoint_api:very-secret@']) {
      const path = put('connection.json', text);
      const ran = await run({}, 'token', 'list');
      expect(ran).toEqual({ code: 1, text: expect.stringContaining(`${path} is not JSON`) });
      expect(ran.text).not.toMatch(/very-secret|Unexpected/);
    }
  });
});

describe('a problem of the API', () => {
  const problem = (code: 'runbook-not-found' | 'target-not-found' | 'job-not-found' | 'not-signed-in') => ({
    ...{ type: 't', title: CODES[code].en, status: 404, code, detail: CODES[code].next.en },
  });

  it('names what was typed, and commands in place of requests', () => {
    expect(inWords(problem('runbook-not-found'), { path: { id: 'nope' } })).toMatchObject({
      title: 'There is no runbook "nope".',
      detail: 'List the runbooks: `fixpoint runbook list`.',
    });
    expect(inWords(problem('target-not-found'), { body: { runbook: 'r', target: 'nope' } })).toMatchObject({
      title: 'There is no target "nope".',
      detail: 'List the targets: `fixpoint target list`.',
    });
    expect(inWords(problem('job-not-found'), { path: { id: 'x' } }).title).toContain('There is no job "x"');
    expect(inWords(problem('not-signed-in'), {}).detail).toMatch(/FIXPOINT_TOKEN.*fixpoint token issue/);
  });

  it('keeps what the server says for this one request', () => {
    expect(inWords({ ...problem('runbook-not-found'), detail: 'Because of that.' }, {}).detail).toBe(
      'Because of that.',
    );
  });

  it('names options in place of members of a query', () => {
    const errors = ['/from', '/target'].map((path) => ({ path, code: 'unknown', message: 'm' }));
    const query = { ...problem('not-signed-in'), code: 'invalid-query', errors };
    expect(inWords(query, {}).errors?.map(({ path }) => path)).toEqual(['--since', '--target']);
  });
});
