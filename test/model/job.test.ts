import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { TRANSITIONS } from '../../src/domain/job.js';

const run = promisify(execFile);
const MODEL = join(INSTALL_ROOT, 'docs/model/job.pml');
const text = readFileSync(MODEL, 'utf8');
const folders: string[] = [];
let safety: string;
let endless: string;

/** Spin's checker of this model, for faults of one kind: something unsafe, or a run without an end. */
async function checker(how: readonly string[]): Promise<string> {
  const cwd = mkdtempSync('/tmp/fxm-');
  folders.push(cwd);
  copyFileSync(MODEL, join(cwd, 'job.pml'));
  await run('spin', ['-a', 'job.pml'], { cwd });
  await run('gcc', ['-O2', ...how, '-DNOFAIR', '-DCOLLAPSE', '-w', '-o', 'pan', 'pan.c'], { cwd });
  return join(cwd, 'pan');
}

async function says(pan: string, env: Record<string, string>, args: readonly string[] = []): Promise<string> {
  const cwd = dirname(pan);
  const { stdout } = await run(pan, ['-m200000', ...args], { cwd, env, maxBuffer: 16 * 1024 * 1024 });
  expect(stdout).not.toMatch(/max search depth too small|out of memory/);
  return stdout;
}

beforeAll(async () => {
  [safety, endless] = await Promise.all([checker(['-DSAFETY']), checker(['-DNP'])]);
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('the model of a job’s life', () => {
  it('has exactly the transitions of the code', () => {
    const edges = [...text.matchAll(/MOVE\((\w+), (\w+)\)/g)]
      .filter(([, from]) => from !== 'from')
      .map(([, from = '', to = '']) => `${from} ${to}`.replaceAll('_', '-'));
    const known = Object.entries(TRANSITIONS).flatMap(([from, all]) => all.map((to) => `${from} ${to}`));
    expect([...new Set(edges)].sort()).toEqual(known.sort());
  });

  it('holds in every order of steps, and takes every transition', async () => {
    const sound = await says(safety, {});
    expect(sound).toMatch(/errors: 0/);
    const unreached = new Set(
      [...sound.matchAll(/job\.pml:(\d+), state \d+, "state = /g)].map(([, line]) => Number(line)),
    );
    const taken = text.split('\n').flatMap((line, i) => {
      const moves = [...line.matchAll(/MOVE\((\w+, \w+)\)/g)].map(([, edge = '']) => edge);
      return line.includes('MOVE(from, to)') || unreached.has(i + 1) ? [] : moves;
    });
    const all = Object.values(TRANSITIONS).reduce((sum, to) => sum + to.length, 0);
    expect(new Set(taken).size).toBe(all);
  });

  it('has no endless run', async () => {
    expect(await says(endless, { MEDDLING: '0' }, ['-l'])).toMatch(/errors: 0/);
  });

  it.each<[string, string, RegExp, string?]>([
    ['the fence', '1', /assertion violated \(\(\(made\[0\]/],
    ['the wait for the death of the old execution', '2', /assertion violated +!\(inFlight\)/],
    ['the look at the lease before the send', '3', /assertion violated +!\(inFlight\)/],
    ['a person for an unheard once change', '4', /assertion violated.*effects/],
    ['the time of the grant', '5', /assertion violated \(granted&& !\(over\)\)/],
    ['the grant', '6', /assertion violated \(granted&& !\(over\)\)/, '1'],
    ['the sweeper', '7', /assertion violated.*state==/],
  ])('shows the harm without %s', async (_, without, harm, meddling = '0') => {
    expect(await says(safety, { WITHOUT: without, MEDDLING: meddling })).toMatch(harm);
  });
});
