import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { powerShellHostContract } from '../../contracts/powershell-host.contract.js';
import { aHost, anEndpoint, anInstalledPowerShell } from '../../support/hosts.js';

powerShellHostContract('an installed PowerShell named by FIXPOINT_PWSH, local', async () => {
  const installed = await anInstalledPowerShell();
  const { host, close } = aHost({ PATH: '/usr/bin:/bin', FIXPOINT_PWSH: installed.path });
  return {
    host,
    place: () => ({ kind: 'local' }),
    tearDown: async () => {
      await close();
      await installed.remove();
    },
  };
});

powerShellHostContract('the bundled engine, with an installed PowerShell on the target', async () => {
  const installed = await anInstalledPowerShell();
  const { host, close } = aHost();
  const endpoint = await anEndpoint({ subsystem: `${installed.path} -sshs -NoLogo` });
  return {
    host,
    place: () => endpoint.place(),
    icu: true,
    tearDown: async () => {
      await close();
      await endpoint.stop();
      await installed.remove();
    },
  };
});

describe('a program that is not the engine, named by FIXPOINT_PWSH', () => {
  it.each([
    ['nothing', '', /FIXPOINT_PWSH .* is not PowerShell/],
    ['an older version', 'echo Core 7.4.1', /FIXPOINT_PWSH .* is PowerShell 7\.4\.1/],
    ['Windows PowerShell', 'echo Desktop 5.1.20348.1', /FIXPOINT_PWSH .* is PowerShell 5\.1/],
    ['an error', 'exit 3', /FIXPOINT_PWSH .* could not be run \(3\)/],
  ])('answers with %s: the message names the setting', async (_, text, message) => {
    const directory = await mkdtemp('/tmp/fxp-');
    const path = join(directory, 'pwsh');
    await writeFile(path, `#!/bin/sh\n${text}\n`);
    await chmod(path, 0o755);
    const { host, close } = aHost({ PATH: '/usr/bin:/bin', FIXPOINT_PWSH: path });
    const opened = await host.open({ kind: 'local' });
    expect(opened).toMatchObject({
      ok: false,
      error: { kind: 'host-unavailable', detail: expect.stringMatching(message) },
    });
    await close();
    await rm(directory, { recursive: true });
  });
});
