import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REQUIRED } from '../../src/cli/api/required.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

it('the client knows the members of each answer under the path that the document has', () => {
  const text = readFileSync(join(INSTALL_ROOT, 'src/cli/api/paths.ts'), 'utf8');
  const paths = [...text.matchAll(/^ {2}readonly '(\/[^']+)': \{$/gm)].map(([, path]) => path);
  const known = Object.keys(REQUIRED).map((key) => key.split(' ')[1]);
  expect(known.length).toBeGreaterThan(10);
  expect(known.filter((path) => !paths.includes(path))).toEqual([]);
});
