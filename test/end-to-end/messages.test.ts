import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync('/tmp/fxm-');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function run(...args: string[]): { readonly code: number | null; readonly text: string } {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FIXPOINT_|DATABASE_|NODE_OPTIONS)/.test(name));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(INSTALL_ROOT, 'bin/fixpoint.js'), ...args], {
    env: { ...Object.fromEntries(inherited), FIXPOINT_HOME: home },
    encoding: 'utf8',
  });
  return { code: status, text: stdout + stderr };
}

describe('a people file that cannot be read', () => {
  it.each([
    ['no JSON', '{"people":[{"id":"ann"},]}'],
    ['another form', '[]'],
    ['null', 'null'],
  ])('(%s) is named, and no command writes it', (_, text) => {
    const path = join(home, 'people.json');
    writeFileSync(path, text);
    for (const args of [
      ['person', 'list'],
      ['person', 'add', 'bob', 'Bob', 'approver'],
      ['token', 'issue', 'ann'],
    ])
      expect(run(...args)).toEqual({ code: 1, text: expect.stringContaining(`${path} cannot be read: `) });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('a home without an installation', () => {
  it('has nobody in it, and nothing to back up: no file is made there', () => {
    expect(run('person', 'list').code).toBe(0);
    const folder = join(home, 'backup');
    expect(run('backup', folder)).toEqual({
      code: 1,
      text: expect.stringContaining(`There is no database in ${home}`),
    });
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(home)).toEqual([]);
  });

  it('says what to start before a token is issued', () => {
    writeFileSync(join(home, 'people.json'), '{"people":[{"id":"bob","name":"Bob","roles":["approver"]}]}');
    expect(run('token', 'issue', 'bob')).toEqual({ code: 1, text: expect.stringContaining('Start Fixpoint once') });
  });
});

describe('a file or folder that is not what it should be', () => {
  it('is named by audit verify, before the keys', () => {
    const file = join(home, 'export.jsonl');
    expect(run('audit', 'verify', file).text).toContain(`There is no file ${file}.`);
    const keys = join(INSTALL_ROOT, 'package.json');
    for (const text of ['garbage\n', '{"seq":1}\n']) {
      writeFileSync(file, text);
      const { code, text: said } = run('audit', 'verify', file, '--keys', keys);
      expect([code, said]).not.toEqual([0, expect.anything()]);
      expect(said).not.toMatch(/TypeError|ENOENT|argument must be/);
    }
  });

  it('is named by restore and by runbook check', () => {
    expect(run('restore', join(home, 'none'))).toEqual({
      code: 1,
      text: expect.stringContaining('There is no folder'),
    });
    expect(run('runbook', 'check', join(home, 'none'))).toEqual({
      code: 2,
      text: expect.stringContaining('There is no folder'),
    });
    const runbook = join(INSTALL_ROOT, 'examples/runbooks/write-example-file');
    expect(run('runbook', 'check', runbook)).toEqual({
      code: 0,
      text: expect.stringContaining('1 runbook, 0 errors'),
    });
  });
});

it('the version is that of the package', () =>
  expect(run('--version')).toEqual({ code: 0, text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) }));
