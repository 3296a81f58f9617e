import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

const read = (path: string) => readFileSync(join(INSTALL_ROOT, path), 'utf8');

it.each([
  'src/processes/api.ts',
  'src/processes/authority.ts',
  'src/processes/migrate.ts',
  'workers/main.ts',
  'src/cli.ts',
  'demo/cli.ts',
])('%s sets the umask before it imports anything else', (entry) =>
  expect(read(entry)).toMatch(/^import '[./a-z]+\/platform\/private-umask\.js';\n/),
);

it('bin/fixpoint.js sets the umask before it does anything else', () => {
  const statements = read('bin/fixpoint.js')
    .split('\n')
    .filter((line) => line !== '' && !/^(#!|\/\/|import )/.test(line));
  expect(statements[0]).toBe('process.umask(0o077);');
});
