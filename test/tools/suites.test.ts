import { expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

it('every test file belongs to exactly one suite of npm test', async () => {
  const { SUITES } = (await import(join(INSTALL_ROOT, 'tools', 'suites.mjs'))) as { SUITES: [string, string][] };
  const files = readdirSync(join(INSTALL_ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `test/${file}`);
  const strays = files.filter((file) => SUITES.filter(([, pattern]) => new RegExp(pattern).test(file)).length !== 1);
  expect(strays).toEqual([]);
  expect(SUITES.filter(([, pattern]) => !files.some((file) => new RegExp(pattern).test(file)))).toEqual([]);
});

it('a release plays the files that npm test leaves out, and each of them is there', async () => {
  const { LONG } = (await import(join(INSTALL_ROOT, 'tools', 'suites.mjs'))) as { LONG: string[] };
  expect(LONG.filter((file) => !existsSync(join(INSTALL_ROOT, file)))).toEqual([]);
});

it('.ci/run tests the least version of Node and the version of the container image', async () => {
  const { NODE_LEGS } = (await import(join(INSTALL_ROOT, 'tools', 'suites.mjs'))) as {
    NODE_LEGS: { versions: string[] };
  };
  const read = (name: string) => readFileSync(join(INSTALL_ROOT, name), 'utf8');
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  const [, image] = /FROM node:(\d+)-/.exec(read('Dockerfile')) ?? [];
  expect(NODE_LEGS.versions[0]).toMatch(new RegExp(`^${engines.node.replace('>=', '')}\\.`));
  expect(NODE_LEGS.versions.map((version) => version.split('.')[0])).toContain(image);
});

it('.ci/run --release tests the versions between them', async () => {
  const { NODE_LEGS } = (await import(join(INSTALL_ROOT, 'tools', 'suites.mjs'))) as {
    NODE_LEGS: { versions: string[]; release: string[] };
  };
  const majors = [...NODE_LEGS.versions, ...NODE_LEGS.release].map((version) => Number(version.split('.')[0]));
  const even = Array.from(
    { length: (Math.max(...majors) - Math.min(...majors)) / 2 + 1 },
    (_, i) => Math.min(...majors) + 2 * i,
  );
  expect(majors.sort((a, b) => a - b)).toEqual(even);
  expect(readFileSync(join(INSTALL_ROOT, '.github', 'workflows', 'release.yml'), 'utf8')).toContain(
    '.ci/run --release',
  );
});
