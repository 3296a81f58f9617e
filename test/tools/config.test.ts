import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeDirectory, INSTALL_ROOT } from '../../src/platform/install-root.js';
import { command } from '../support/command-line.js';
import { describeProblems, folderProblems, readConfig } from '../../src/processes/config.js';
import { SECRET_VARIABLES } from '../../src/processes/secrets.js';

describe('the settings', () => {
  it('have defaults for everything', () => {
    const read = readConfig({}, '/checkout');
    expect(read).toMatchObject({
      ok: true,
      value: { config: { port: 8400, host: '127.0.0.1', home: '/checkout/.fixpoint', allowLocal: false }, secrets: {} },
    });
  });

  it('stop the start with every problem at once, each with its variable', () => {
    const read = readConfig(
      {
        FIXPOINT_PORT: '70000',
        FIXPOINT_MODE: 'prod',
        DATABASE_URL: 'mysql://x',
        REDIS_URL: 'nonsense',
        FIXPOINT_PWSH: 'pwsh',
        FIXPOINT_POOL: 'A B',
        FIXPOINT_PROT: '1',
      },
      '/checkout',
    );
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.error.map(({ variable }) => variable).sort()).toEqual([
      'DATABASE_URL',
      'FIXPOINT_MODE',
      'FIXPOINT_POOL',
      'FIXPOINT_PORT',
      'FIXPOINT_PROT',
      'FIXPOINT_PWSH',
      'REDIS_URL',
    ]);
    expect(describeProblems(read.error)).toContain('FIXPOINT_PORT must be a whole number from 1 to 65535, not "70000"');
  });

  it('refuse a folder of runbooks that is not there', () => {
    const read = readConfig({ FIXPOINT_RUNBOOKS: '/tmp:/nosuch/runbooks:/etc/hostname' }, '/checkout');
    expect(read.ok && folderProblems(read.value.config)).toEqual([
      { variable: 'FIXPOINT_RUNBOOKS', problem: 'names /nosuch/runbooks, which is not a folder' },
      { variable: 'FIXPOINT_RUNBOOKS', problem: 'names /etc/hostname, which is not a folder' },
    ]);
  });

  it.each([
    ['postgres://u:pa#ss@h:5432/d', /percent-encode/],
    ['postgres://u:12#ss@h:5432/d', /percent-encode/],
    ['postgres://u:12/ss@h:5432/d', /percent-encode/],
    ['postgres://u:12?ss@h:5432/d', /percent-encode/],
    ['postgres://u:pa%ss@h:5432/d', /percent-encode/],
    ['postgres:///d?host=/var/run/postgresql', /names no host\. For a socket, .*@%2Fvar%2Frun%2Fpostgresql\//],
    ['postgresql://u:hunter2@/d?host=/tmp', /names no host/],
    ['mysql://u:hunter2@h/d', /must be a URL of the form postgres:/],
    ['/var/run/postgresql', /must be a URL of the form postgres:/],
  ])('say what is wrong with the address %s', (url, problem) => {
    const read = readConfig({ DATABASE_URL: url, FIXPOINT_QUEUE_DATABASE_URL: url }, '/checkout');
    expect(read).toEqual({
      ok: false,
      error: ['DATABASE_URL', 'FIXPOINT_QUEUE_DATABASE_URL'].map((variable) => ({
        variable,
        problem: expect.stringMatching(problem),
      })),
    });
    expect(JSON.stringify(read)).not.toContain('ss@');
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });

  it.each([
    'postgres://u:p%23%2F%3F%25@h:5432/d',
    'postgresql://h/d?options=-c%20work_mem%3D5MB',
    'postgres://u:p@%2Fvar%2Frun%2Fpostgresql:5433/d',
    'postgres://u:p@ss@h/d',
    'postgres://u:p@[::1]:5432/d',
  ])('take the address %s', (url) => {
    const read = readConfig({ DATABASE_URL: url }, '/checkout');
    expect(read.ok && read.value.secrets.adminUrl).toBe(url);
  });

  it('are read from the folder of the program, wherever a command runs', () => {
    const { FIXPOINT_HOME } = process.env;
    try {
      for (const [value, home] of [
        ['homes/a', join(INSTALL_ROOT, 'homes/a')],
        ['', join(INSTALL_ROOT, '.fixpoint')],
        ['~/a', join(homedir(), 'a')],
      ] as const) {
        process.env.FIXPOINT_HOME = value;
        const read = readConfig({ FIXPOINT_HOME: value }, INSTALL_ROOT);
        expect([homeDirectory(), read.ok && read.value.config.home]).toEqual([home, home]);
      }
    } finally {
      if (FIXPOINT_HOME === undefined) delete process.env.FIXPOINT_HOME;
      else process.env.FIXPOINT_HOME = FIXPOINT_HOME;
    }
  });

  it('that are misspelt are named by every command', async () => {
    const { code, text } = await command({ FIXPOINT_HOEM: '/x' }, 'version');
    expect([code, text]).toEqual([
      0,
      expect.stringContaining('Warning: FIXPOINT_HOEM is not a setting of Fixpoint: check its spelling.\n'),
    ]);
  });

  describe('that are secrets may be in files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-config-'));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    afterAll(() => rmSync(folder, { recursive: true }));

    it.each(Object.entries(SECRET_VARIABLES))('%s comes from the file that %s_FILE names', (key, name) => {
      const url = key === 'redisUrl' ? 'redis://:p@h:6379' : 'postgres://u:p@h:5432/d';
      const read = readConfig({ [`${name}_FILE`]: file(key, `${url}\n`) }, '/checkout');
      expect(read.ok && read.value.secrets).toEqual({ [key]: url });
      const relative = readConfig({ [`${name}_FILE`]: key }, folder);
      expect(relative.ok && relative.value.secrets).toEqual({ [key]: url });
    });

    const unfit: readonly (readonly [string, () => string, RegExp])[] = [
      ['that is missing', () => '/nosuch/url', /^names a file that cannot be read\. There is no \/nosuch\/url\.$/],
      ['that is empty', () => file('empty', ' \n'), /^names .*empty, which is empty$/],
      ['that is a folder', () => folder, /^names a file that cannot be read\. .* is a folder: name a file\.$/],
      [
        'that holds something else',
        () => file('other', 'mysql://u:hunter2@h/d'),
        /^must be a URL of the form postgres:/,
      ],
    ];
    it.each(unfit)('a file %s is named with its variable', (_, path, problem) => {
      const read = readConfig({ DATABASE_URL_FILE: path() }, '/checkout');
      expect(read).toEqual({
        ok: false,
        error: [{ variable: 'DATABASE_URL_FILE', problem: expect.stringMatching(problem) }],
      });
      expect(JSON.stringify(read)).not.toContain('hunter2');
    });

    it('are refused where a variable and its file are both set', () => {
      const url = 'postgres://u:hunter2@h/d';
      const read = readConfig({ DATABASE_URL: url, DATABASE_URL_FILE: file('url', url) }, '/checkout');
      expect(read).toEqual({
        ok: false,
        error: [{ variable: 'DATABASE_URL_FILE', problem: 'and DATABASE_URL are both set: remove DATABASE_URL' }],
      });
    });
  });

  it('never repeat a URL with its password in a message', () => {
    const read = readConfig({ DATABASE_URL: 'mysql://user:hunter2@host/db' }, '/checkout');
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });

  it('keep secrets out of the configuration that is shown', () => {
    const read = readConfig({ DATABASE_URL: 'postgres://user:hunter2@host/db' }, '/checkout');
    expect(read.ok && JSON.stringify(read.value.config)).not.toContain('hunter2');
  });
});
