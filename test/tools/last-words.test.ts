import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { listenTo } from '../../src/processes/last-words.js';

async function reasonOf(script: string): Promise<{ reason: string; heard: readonly string[] }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard: string[] = [];
  const words = listenTo([child.stdout, child.stderr], (line) => heard.push(line));
  await once(child, 'close');
  return { reason: words.reason(), heard };
}

describe('why a process ended', () => {
  it.each([
    ['an error that nobody caught', "throw new Error('the disk is full')", 'Error: the disk is full'],
    ['one with members', "throw Object.assign(new TypeError('no'), { code: 'X', at: 1 })", 'TypeError: no'],
    [
      'a rejection of a class of its own',
      "class QueueRefused extends Error { name = 'QueueRefused' }; await Promise.reject(new QueueRefused('set it'))",
      'QueueRefused: set it',
    ],
    [
      'an error with a code of Node',
      "await import('nosuch-package')",
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'nosuch-package'",
    ],
    [
      'a fatal line of the log',
      `console.log(JSON.stringify({ level: 60, msg: 'port in use' })); process.exit(2)`,
      'port in use',
    ],
    [
      'an error of the log before its last line',
      `for (const level of [50, 30]) console.log(JSON.stringify({ level, msg: 'level ' + level }))`,
      'level 50',
    ],
    ['its last words', "console.error('Fix these settings'); process.exit(2)", 'Fix these settings'],
    ['nothing', 'process.exit(3)', ''],
  ])('is %s', async (_, script, reason) => {
    expect((await reasonOf(script)).reason).toContain(reason);
    expect((await reasonOf(script)).reason).not.toContain('Node.js v');
  });

  it('is read line by line, however it arrives', async () => {
    const { heard } = await reasonOf(
      `process.stdout.write('{"level":30,'); await new Promise((go) => setTimeout(go, 300)); process.stdout.write('"msg":"whole"}\\n')`,
    );
    expect(heard).toEqual(['whole']);
  });
});
