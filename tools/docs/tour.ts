// npm run docs:tour: draws docs/tour.svg from the recording in docs/tour.txt. With --record it plays the demo first and records it anew.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { cutScenes, PAGE_BREAK } from './recording.js';
import { terminalSvg } from './terminal-svg.js';

const RECORDING = join(INSTALL_ROOT, 'docs', 'tour.txt');
const PICTURE = join(INSTALL_ROOT, 'docs', 'tour.svg');
const TITLE = 'A recording of the tour: plan, refused self-approval, approval, proof, drift, verified audit log';

if (process.argv.includes('--record')) {
  const { stdout, status } = spawnSync(process.execPath, [join(INSTALL_ROOT, 'tools', 'demo.mjs'), '--once'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the demo failed:\n${stdout}`);
  const pages = cutScenes(stdout).map((page) => page.join('\n'));
  writeFileSync(RECORDING, `${pages.join(`\n${PAGE_BREAK}\n`)}\n`);
}
const pages = readFileSync(RECORDING, 'utf8')
  .trimEnd()
  .split(`\n${PAGE_BREAK}\n`)
  .map((page) => page.split('\n'));
writeFileSync(PICTURE, terminalSvg(pages, TITLE));
console.log(`docs/tour.svg drawn from docs/tour.txt`);
