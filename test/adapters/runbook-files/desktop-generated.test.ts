import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';

const dotnet = (...args: string[]) =>
  spawnSync('dotnet', args, {
    cwd: INSTALL_ROOT,
    encoding: 'utf8',
    maxBuffer: 16_000_000,
    env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
  });

it('desktop-api.txt is what its generator writes, wherever the reference assemblies can be restored', () => {
  const restored = dotnet('restore', 'engine/DesktopApi', '--nologo', '-v', 'quiet');
  if (restored.status !== 0) {
    console.warn(`the reference assemblies cannot be restored: ${restored.stdout}${restored.stderr}`);
    return;
  }
  const ran = dotnet('run', '--project', 'engine/DesktopApi', '--no-restore');
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  expect(ran.stdout).toBe(readFileSync(join(INSTALL_ROOT, 'engine/Host/Gate/Desktop/desktop-api.txt'), 'utf8'));
}, 900_000);
