import { expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
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
