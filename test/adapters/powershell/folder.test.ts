import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createPowerShellHost } from '../../../src/adapters/powershell/index.js';
import { processStartTime } from '../../../src/platform/process-start-time.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { ENGINE } from '../../support/hosts.js';
import { until } from '../../support/patience.js';

/** A process with an engine; it says where the engine's folder is, ends the engine, and says so 1.5 s later if it still lives. */
const OWNER = `
  import { mkdtempSync, readdirSync } from 'node:fs';
  import { createPowerShellHost } from ${JSON.stringify(join(INSTALL_ROOT, 'src/adapters/powershell/index.ts'))};
  const [, runtimeDirectory] = process.argv;
  const host = createPowerShellHost({ engineDirectory: ${JSON.stringify(ENGINE)}, runtimeDirectory, env: { PATH: '/usr/bin:/bin' } });
  await host.engineDigest();
  console.log('folder ' + readdirSync(runtimeDirectory).find((name) => name.startsWith('h-')));
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.kill(host.pid, 'SIGKILL');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  console.log('still here');
  // The host would keep it up; the code says that it came so far.
  process.exit(0);
`;

describe('the folder of an engine', () => {
  let runtime: string;
  beforeEach(() => {
    runtime = mkdtempSync('/tmp/fxf-');
  });
  afterEach(() => rmSync(runtime, { recursive: true, force: true }));
  const newHost = () =>
    createPowerShellHost({ engineDirectory: ENGINE, runtimeDirectory: runtime, env: { PATH: '/usr/bin:/bin' } });

  it('is gone once the engine was closed', async () => {
    const host = newHost();
    await host.engineDigest();
    expect(readdirSync(runtime)).toEqual([expect.stringMatching(/^h-/)]);
    await host.close();
    expect(readdirSync(runtime)).toEqual([]);
  });

  it('is gone after a start that failed', async () => {
    const folder = join(runtime, 'engine');
    cpSync(ENGINE, folder, { recursive: true, filter: (path) => !path.includes('win-x64') });
    writeFileSync(join(folder, 'linux-x64', 'fixpoint-pwsh'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    const sockets = join(runtime, 'sockets');
    const host = createPowerShellHost({
      engineDirectory: folder,
      runtimeDirectory: sockets,
      env: { PATH: '/usr/bin:/bin' },
    });
    await expect(host.engineDigest()).rejects.toThrow('ended while starting');
    expect(readdirSync(sockets)).toEqual([]);
  });

  it('is removed by the next engine where its process has ended, and only there', async () => {
    const mine = { host: hostname(), pid: process.pid, startedAt: await processStartTime(process.pid) };
    const leave = (name: string, owner: object | undefined) => {
      mkdirSync(join(runtime, name));
      writeFileSync(join(runtime, name, 's'), '');
      if (owner) writeFileSync(join(runtime, name, 'owner.json'), JSON.stringify(owner));
    };
    leave('h-ended', { ...mine, pid: 2 ** 22 + 1 });
    leave('h-reused', { ...mine, startedAt: '1' });
    leave('h-mine', mine);
    leave('h-elsewhere', { ...mine, host: 'another-machine', pid: 2 ** 22 + 1 });
    leave('h-new', undefined);
    leave('h-old', undefined);
    utimesSync(join(runtime, 'h-old'), 1, 1);
    mkdirSync(join(runtime, 'ca'));
    const host = newHost();
    await host.engineDigest();
    await host.close();
    expect(readdirSync(runtime).sort()).toEqual(['ca', 'h-elsewhere', 'h-mine', 'h-new']);
  });
});

it('an engine that ends while its folder fills up ends no other process', async () => {
  const runtime = mkdtempSync('/tmp/fxf-');
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', OWNER, runtime], {
    cwd: INSTALL_ROOT,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  owner.stdout.on('data', (chunk) => (said += String(chunk)));
  owner.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = new Promise<number | null>((resolve) => owner.once('exit', resolve));
  await until('it says its folder', () => /folder \S+\n/.test(said));
  const folder = join(runtime, /folder (\S+)/.exec(said)?.[1] ?? 'none');
  expect(existsSync(folder)).toBe(true);
  // Four at once, so that one of them always writes between the look into the folder and its removal.
  const writing = 'i=0; while [ -d "$0" ]; do i=$((i+1)); : > "$0/$$-$i"; done 2>/dev/null';
  const writers = Array.from({ length: 4 }, () => spawn('sh', ['-c', writing, folder], { stdio: 'ignore' }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  owner.stdin.write('\n');
  const code = await ended;
  for (const writer of writers) {
    const gone = writer.exitCode === null ? once(writer, 'exit') : undefined;
    writer.kill('SIGKILL');
    await gone;
  }
  rmSync(runtime, { recursive: true, force: true, maxRetries: 10 });
  expect([code, said]).toEqual([0, expect.stringContaining('still here')]);
});
