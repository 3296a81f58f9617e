// Other versions of Node, as the npm package `node` brings them, in a folder of their own outside the project's dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './setup.mjs';

/** The program of this version of Node; installed first where it is not there yet (about 120 MB, half a minute). */
export function nodeOf(version) {
  const folder = join(CHECKOUT, '.fixpoint', 'node', version);
  const program = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (saysVersion(program, version)) return program;
  console.log(`Installing Node ${version} into ${folder} …`);
  mkdirSync(folder, { recursive: true });
  // A project of its own, which lets the one package run the script that fetches the program for this machine.
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { node: version }, allowScripts: { node: true } }),
  );
  const npm = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  spawnSync('npm', npm, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (!saysVersion(program, version)) throw new Error(`Node ${version} could not be installed into ${folder}`);
  return program;
}

function saysVersion(program, version) {
  if (!existsSync(program)) return false;
  return spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout?.trim() === `v${version}`;
}
