import { describe, expect, it } from '@jest/globals';
import { describeProblems, readConfig } from '../../src/processes/config.js';

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

  it('never repeat a URL with its password in a message', () => {
    const read = readConfig({ DATABASE_URL: 'mysql://user:hunter2@host/db' }, '/checkout');
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });

  it('keep secrets out of the configuration that is shown', () => {
    const read = readConfig({ DATABASE_URL: 'postgres://user:hunter2@host/db' }, '/checkout');
    expect(read.ok && JSON.stringify(read.value.config)).not.toContain('hunter2');
  });
});
