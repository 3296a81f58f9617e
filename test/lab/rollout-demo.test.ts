import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../lab/sshd.js';
import { BROKEN } from '../../demo/rollout/servers.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** As few servers as leave some for the last wave. `npm run rollout-demo` has 60. */
const SERVERS = 12;

it('a rollout over servers of which four are broken pauses, continues without them and names each one, although the worker is killed', async () => {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true });
  const home = mkdtempSync('/tmp/fixpoint-tests/rollout-');
  try {
    const { code, text } = await play(home, String(await freePort('127.0.0.1')));
    expect([code, text]).toEqual([0, expect.stringContaining('✓ the servers themselves say the same')]);
    for (const line of [
      'the canary was proved',
      'the second wave exceeded the budget and paused the rollout',
      'exactly the broken servers failed',
      'nothing of the last wave was started',
      '8 servers are fixed, and the 4 broken ones are named as failed',
    ])
      expect(text).toContain(`✓ ${line}`);
    expect(text).toContain('The worker was killed in the middle of the last wave');
    const report = text.slice(text.indexOf('== The report'));
    expect(
      [...report.matchAll(/^ {2}(server-\d+) {2}wave \d {2}(\w+)/gm)].map(([, name, status]) => [name, status]),
    ).toEqual(
      Array.from({ length: SERVERS }, (_, i) => `server-${String(i + 1).padStart(2, '0')}`).map((name) => [
        name,
        BROKEN.includes(name) ? 'failed' : 'fixed',
      ]),
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

async function play(home: string, port: string): Promise<{ readonly code: number | null; readonly text: string }> {
  const cli = join(INSTALL_ROOT, 'bin', 'fixpoint.js');
  const child = spawn(process.execPath, [cli, 'rollout-demo', '--servers', String(SERVERS), '--once'], {
    env: { ...process.env, NODE_OPTIONS: '', FIXPOINT_HOME: home, FIXPOINT_PORT: port, FIXPOINT_RUNBOOKS: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  child.stderr.on('data', (chunk) => (text += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}
