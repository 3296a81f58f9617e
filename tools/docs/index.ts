// npm run docs: writes the reference pages from the code. With --check it writes nothing and fails when a page is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { generatedPages } from './pages.js';

const check = process.argv.includes('--check');
for (const [path, text] of await generatedPages()) {
  const file = join(INSTALL_ROOT, path);
  if (read(file) === text) continue;
  if (check) {
    console.error(`${path} is out of date: run npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`${path} written`);
  }
}
process.exit();

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
