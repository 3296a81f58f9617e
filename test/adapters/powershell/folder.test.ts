import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
