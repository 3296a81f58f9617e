import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

const PARTS = [
  'src',
  'workers',
  'tools',
  'bin',
  'demo',
  'lab',
  'runbooks',
  'engine',
  'deploy',
  'node_modules',
  'package.json',
];

/**
 * Puts a copy of the program into a new folder and builds it there, as an installation does. Files are links where the file system lets
 * them. The checkout's own build stays as it is: other tests use it at the same time.
 */
export function copyBuiltProgram(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const part of PARTS) {
    const from = join(INSTALL_ROOT, part);
    // node_modules is large.
    try {
      execFileSync('cp', ['-al', from, folder], { stdio: 'ignore' });
    } catch {
      execFileSync('cp', ['-a', from, folder]);
    }
  }
  rmSync(join(folder, 'engine', '.build.lock'), { force: true });
  execFileSync('npm', ['run', '-s', 'build'], { cwd: folder });
}
