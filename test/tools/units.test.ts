import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { VARIABLES } from '../../src/processes/config.js';
import { SECRET_VARIABLES } from '../../src/processes/secrets.js';

const FOLDER = join(INSTALL_ROOT, 'deploy/systemd');
const PARTS = ['fixpoint-api', 'fixpoint-authority', 'fixpoint-relay', 'fixpoint-worker@'] as const;
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const all = (text: string, key: string) =>
  [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

/** Names of settings in a unit or a file of settings. */
const settings = (text: string) =>
  [...text.matchAll(/^(?:Environment=)?([A-Z][A-Z_]+)=/gm)].map(([, name = '']) => name);
const HAS_SYSTEMD = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the units of systemd', () => {
  it('give each part a user of its own', () => {
    const users = PARTS.map((part) => all(read(`${part}.service`), 'User'));
    expect(users).toEqual([['fixpoint-api'], ['fixpoint-authority'], ['fixpoint-relay'], ['fixpoint-worker']]);
  });

  it.each(PARTS)('%s runs in production, with secrets in files of its own alone', (part) => {
    const text = read(`${part}.service`);
    expect(all(text, 'Environment')).toContain('FIXPOINT_MODE=production');
    const role = part.replace('fixpoint-', '').replace('@', '');
    const queue = ['relay', 'worker'].includes(role) ? ['REDIS_URL_FILE'] : [];
    const secrets = Object.values(SECRET_VARIABLES).flatMap((name): string[] => [name, `${name}_FILE`]);
    const named = settings(text).filter((name) => secrets.includes(name));
    expect(named).toEqual([`FIXPOINT_${role.toUpperCase()}_DATABASE_URL_FILE`, ...queue]);
    const loaded = all(text, 'LoadCredential').map((line) => line.split(':')[0]);
    expect(loaded).toEqual([`${role}-database-url`, ...(queue.length === 0 ? [] : ['redis-url'])]);
    for (const name of loaded) expect(text).toContain(`_FILE=%d/${name}\n`);
  });

  it.each(PARTS)('%s is stopped and not started again for a setting that is wrong', (part) =>
    expect(all(read(`${part}.service`), 'RestartPreventExitStatus')).toEqual(['2']),
  );

  it.each(PARTS)('%s starts a file that exists', (part) => {
    const [, script = ''] = all(read(`${part}.service`), 'ExecStart')[0]?.split(' ') ?? [];
    const source = script.replace('/opt/fixpoint/dist/', '').replace(/\.js$/, '.ts');
    expect(() => readFileSync(join(INSTALL_ROOT, source))).not.toThrow();
  });

  it('name only settings that exist, and no secret in a file of settings', () => {
    for (const name of readdirSync(FOLDER)) {
      const named = settings(read(name));
      expect([name, named.filter((one) => !(one in VARIABLES))]).toEqual([name, []]);
      expect(read(name)).not.toMatch(/(postgres|redis):\/\//);
    }
  });

  it('start together with the target', () => {
    const wanted = all(read('fixpoint.target'), 'Wants').join(' ').split(' ').sort();
    expect(wanted).toEqual(PARTS.map((part) => `${part}${part.endsWith('@') ? 'default' : ''}.service`).sort());
    for (const part of PARTS) expect(all(read(`${part}.service`), 'PartOf')).toEqual(['fixpoint.target']);
  });

  (HAS_SYSTEMD ? it : it.failing)('systemd-analyze accepts them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-units-'));
    try {
      for (const name of readdirSync(FOLDER).filter((one) => !one.endsWith('.env'))) {
        const here = read(name)
          .replaceAll('/usr/bin/node', process.execPath)
          .replace('WorkingDirectory=/opt/fixpoint', `WorkingDirectory=${INSTALL_ROOT}`);
        writeFileSync(join(folder, name), here);
      }
      const units = [
        ...PARTS.map((part) => `${part.replace('@', '@default')}.service`),
        'fixpoint.target',
        'fixpoint.service',
      ];
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, '']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
