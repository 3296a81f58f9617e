import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { until } from '../support/patience.js';

const PART = join(INSTALL_ROOT, 'test', 'fixtures', 'part.ts');
const PARENT = `
  const part = require('node:child_process').fork(${JSON.stringify(PART)}, [], {
    execArgv: ['--import', 'tsx'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  part.stdout.on('data', () => {});
  part.on('message', (message) => console.log(message + ' ' + part.pid));
`;
const started: ChildProcess[] = [];
const parts: number[] = [];

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  for (const pid of parts.filter(runs)) process.kill(pid, 'SIGKILL');
});

/** A supervisor with one part; resolves when the part said the word. */
async function supervised(startsIn: number, word: string): Promise<{ parent: ChildProcess; pid: number }> {
  const env = { ...process.env, NODE_OPTIONS: '', FIXPOINT_TEST_STARTS_IN: String(startsIn) };
  const parent = spawn(process.execPath, ['-e', PARENT], {
    cwd: INSTALL_ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(parent);
  let text = '';
  for await (const chunk of parent.stdout ?? []) {
    text += String(chunk);
    const said = new RegExp(`^${word} (\\d+)$`, 'm').exec(text);
    if (!said) continue;
    parts.push(Number(said[1]));
    return { parent, pid: Number(said[1]) };
  }
  throw new Error(`the part did not say ${word}: ${text}`);
}

function runs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(PART);
  } catch {
    return false;
  }
}

describe('a process whose supervisor is killed', () => {
  it.each([
    ['while it runs, and though nobody reads its last line', 0, 'ready'],
    ['before it is up', 1500, 'begun'],
  ])('ends on its own: %s', async (_, startsIn, word) => {
    const { parent, pid } = await supervised(startsIn, word);
    expect(runs(pid)).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await until('it has ended', () => !runs(pid));
  });
});
