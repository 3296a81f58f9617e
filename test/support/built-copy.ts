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
  'dist',
  'package.json',
];

/** Builds the program and puts a copy of it into a new folder, as an installation has it. Files are links where the file system lets them. */
export function copyBuiltProgram(folder: string): void {
  execFileSync('npm', ['run', '-s', 'build'], { cwd: INSTALL_ROOT });
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
}
