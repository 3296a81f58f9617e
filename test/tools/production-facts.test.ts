import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { productionProblems, type Viewer } from '../../src/domain/production.js';
import { readConfig } from '../../src/processes/config.js';
import { readProductionFacts } from '../../src/processes/production-facts.js';
import { until } from '../support/patience.js';

let folder: string;
const at = (name: string) => join(folder, name);
const write = (name: string, text: string, mode: number) => {
  writeFileSync(at(name), text);
  chmodSync(at(name), mode);
};

beforeEach(() => {
  folder = mkdtempSync('/tmp/fixpoint-facts-');
  for (const name of ['program', 'program/dist', 'program/runbooks', 'etc', 'home', 'home/keys', 'other']) {
    mkdirSync(at(name));
    chmodSync(at(name), name.startsWith('home') ? 0o700 : 0o755);
  }
  write('etc/people.json', '{}', 0o644);
  write('etc/url', 'postgres://fixpoint_api:secret@127.0.0.1:5432/fixpoint', 0o600);
  write('home/keys/grant.pem', 'x', 0o600);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is said of a set-up, without what holds because this test may write its own folder. */
function problems(viewer: Viewer, more: NodeJS.ProcessEnv = {}) {
  const env = {
    FIXPOINT_MODE: 'production',
    FIXPOINT_HOME: at('home'),
    FIXPOINT_PEOPLE: at('etc/people.json'),
    FIXPOINT_CREDENTIALS: at('other/credentials.json'),
    FIXPOINT_API_DATABASE_URL_FILE: at('etc/url'),
    ...more,
  };
  const read = readConfig(env, at('program'));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const facts = readProductionFacts(viewer, read.value, env);
  const all = productionProblems({ ...facts, uid: 991, sameUser: [] });
  return all
    .map(({ code, detail }) => `${code} ${detail.replaceAll(folder, '')}`)
    .filter((text) => !text.endsWith('can be written by this process') || text.startsWith('secret'));
}

describe('the facts of a production start', () => {
  it('have no problem in a set-up as the guide makes it, but the key that this user can read', () =>
    expect(problems('api')).toEqual([
      'secret-of-another-part FIXPOINT_GRANT_KEY: /home/keys/grant.pem can be read by this process',
    ]));

  it('see what else the worker runs and believes', () => {
    write('other/krb5.conf', 'x', 0o666);
    write('other/pwsh', 'x', 0o757);
    const more = { FIXPOINT_KRB5_CONFIG: at('other/krb5.conf'), FIXPOINT_PWSH: at('other/pwsh') };
    expect(problems('worker', more)).toEqual(
      expect.arrayContaining([
        'file-writable FIXPOINT_KRB5_CONFIG: /other/krb5.conf has mode 666',
        'file-writable FIXPOINT_PWSH: /other/pwsh has mode 757',
      ]),
    );
  });

  it('see a file, a folder and each folder above', () => {
    chmodSync(at('etc/people.json'), 0o666);
    chmodSync(at('etc'), 0o775);
    chmodSync(at('program/runbooks'), 0o757);
    chmodSync(at('etc/url'), 0o640);
    const found = problems('api');
    expect(found).toEqual(
      expect.arrayContaining([
        'file-permissions FIXPOINT_API_DATABASE_URL_FILE: /etc/url has mode 640',
        'file-writable FIXPOINT_API_DATABASE_URL_FILE: /etc has mode 775',
        'file-writable FIXPOINT_PEOPLE: /etc/people.json has mode 666',
        'file-writable FIXPOINT_PEOPLE: /etc has mode 775',
        'file-writable FIXPOINT_RUNBOOKS: /program/runbooks has mode 757',
      ]),
    );
    expect(found).toHaveLength(6);
  });

  it('follow a link to its file, and see the folders above both', () => {
    symlinkSync(at('other/people.json'), at('etc/link'));
    write('other/people.json', '{}', 0o644);
    chmodSync(at('other'), 0o777);
    expect(problems('api', { FIXPOINT_PEOPLE: at('etc/link') })).toContain(
      'file-writable FIXPOINT_PEOPLE: /other has mode 777',
    );
  });

  it('of authority are its home, its keys and its checkpoints', () => {
    for (const name of ['home', 'home/keys']) chmodSync(at(name), 0o755);
    chmodSync(at('home/keys/grant.pem'), 0o644);
    write('home/checkpoints.txt', '', 0o666);
    const env = { FIXPOINT_API_DATABASE_URL_FILE: '', FIXPOINT_AUTHORITY_DATABASE_URL_FILE: at('etc/url') };
    expect(problems('authority', env)).toEqual([
      'file-permissions FIXPOINT_GRANT_KEY: /home/keys/grant.pem has mode 644',
      'file-permissions FIXPOINT_HOME: /home has mode 755',
      'file-permissions FIXPOINT_GRANT_KEY: /home/keys has mode 755',
      'file-writable FIXPOINT_CHECKPOINTS: /home/checkpoints.txt has mode 666',
    ]);
  });

  it('of a worker are its credentials with what they name', () => {
    const credentials = {
      credentials: {
        reader: { reference: `secret://file${at('other/key')}` },
        writer: { reference: 'secret://env/WRITER' },
      },
      trustedCas: [at('other/ca.pem')],
    };
    write('other/credentials.json', JSON.stringify(credentials), 0o644);
    write('other/key', 'x', 0o604);
    write('other/ca.pem', 'x', 0o646);
    rmSync(at('home/keys/grant.pem'));
    const env = { FIXPOINT_API_DATABASE_URL_FILE: '', FIXPOINT_WORKER_DATABASE_URL_FILE: at('etc/url') };
    expect(problems('worker', { ...env, REDIS_URL: 'redis://127.0.0.1:6379' })).toEqual([
      'redis-url-without-password REDIS_URL',
      'secret-in-environment credential writer: WRITER',
      'file-permissions FIXPOINT_CREDENTIALS: /other/credentials.json has mode 644',
      'file-permissions credential reader: /other/key has mode 604',
      'file-writable trustedCas: /other/ca.pem has mode 646',
    ]);
    expect(problems('worker', env)).toContain('database-embedded FIXPOINT_QUEUE_DATABASE_URL_FILE or REDIS_URL_FILE');
  });

  it('are settings too: secrets in the environment, of other parts, and none at all', () => {
    rmSync(at('home/keys/grant.pem'));
    expect(
      problems('relay', {
        FIXPOINT_RELAY_DATABASE_URL: 'postgres://fixpoint_relay:secret@127.0.0.1/fixpoint',
        REDIS_URL: 'redis://:secret@127.0.0.1:6379',
        DATABASE_URL: 'postgres://postgres@127.0.0.1/postgres?password=secret',
        PGPASSWORD: 'secret',
      }),
    ).toEqual([
      'secret-in-environment DATABASE_URL',
      'secret-in-environment FIXPOINT_RELAY_DATABASE_URL',
      'secret-in-environment REDIS_URL',
      'secret-in-environment PGPASSWORD',
      'secret-of-another-part DATABASE_URL',
      'secret-of-another-part FIXPOINT_API_DATABASE_URL',
    ]);
    expect(problems('api', { FIXPOINT_API_DATABASE_URL_FILE: '' })).toEqual([
      'database-embedded FIXPOINT_API_DATABASE_URL_FILE',
    ]);
  });

  it('refuse an address without a password nowhere but for Redis: the system may know who connects', () => {
    const FIXPOINT_API_DATABASE_URL = 'postgres://fixpoint_api@%2Fvar%2Frun%2Fpostgresql/fixpoint';
    rmSync(at('home/keys/grant.pem'));
    expect(problems('api', { FIXPOINT_API_DATABASE_URL_FILE: '', FIXPOINT_API_DATABASE_URL })).toEqual([]);
  });

  it('refuse a command that starts every part, and name the database that is missing', () =>
    expect(problems('supervisor')).toEqual([
      'user-shared this command starts every part as the user that runs it',
      'database-embedded DATABASE_URL_FILE',
    ]));

  it('show one owner of the private grant key and the credentials file to whoever administers the machine', () => {
    write('other/credentials.json', '{}', 0o600);
    expect(problems('administrator')).toEqual([
      `user-shared user ${process.getuid?.()} owns the private grant key and the credentials file`,
    ]);
  });

  it('show parts that run as this user', async () => {
    const script = at('program/dist/src/processes/authority.js');
    mkdirSync(at('program/dist/src/processes'), { recursive: true });
    writeFileSync(script, 'setInterval(() => undefined, 1000)');
    const child = spawn(process.execPath, [script], { stdio: 'ignore' });
    const env = { FIXPOINT_HOME: at('home') };
    const seen = (viewer: Viewer) => {
      const read = readConfig(env, at('program'));
      return read.ok ? readProductionFacts(viewer, read.value, env).sameUser.map(({ pid }) => pid) : [];
    };
    try {
      await until('it runs', () => seen('worker').includes(child.pid ?? 0));
      expect(seen('authority')).not.toContain(child.pid);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
