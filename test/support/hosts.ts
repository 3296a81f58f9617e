import { mkdtempSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureKeyPair, startSshd, type Sshd } from '../../lab/sshd.js';
import { createPowerShellHost } from '../../src/adapters/powershell/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { sha256 } from '../../src/domain/digest.js';
import type { Place, PowerShellHost } from '../../src/ports/powershell-host.js';

export const ENGINE = join(INSTALL_ROOT, 'engine', 'dist');

/** What sshd starts for the PowerShell subsystem. */
export const SUBSYSTEM = `${join(ENGINE, 'linux-x64', 'fixpoint-pwsh')} -sshs`;

/** A host of its own for a test file. */
export function aHost(env: NodeJS.ProcessEnv = { PATH: '/usr/bin:/bin' }): {
  host: PowerShellHost;
  close: () => Promise<void>;
} {
  const runtimeDirectory = mkdtempSync('/tmp/fxt-');
  const host = createPowerShellHost({ engineDirectory: ENGINE, runtimeDirectory, env });
  return {
    host,
    async close() {
      await host.close();
      await rm(runtimeDirectory, { recursive: true, force: true });
    },
  };
}

export interface Endpoint {
  readonly sshd: Sshd;
  readonly directory: string;
  readonly identityFile: string;
  place(): Extract<Place, { kind: 'ssh' }>;
  stop(): Promise<void>;
}

/** A Linux endpoint: a real sshd on loopback with the engine as its PowerShell subsystem. */
export async function anEndpoint(): Promise<Endpoint> {
  const directory = mkdtempSync('/tmp/fxe-');
  const identityFile = join(directory, 'client');
  const key = await ensureKeyPair(identityFile);
  const sshd = await startSshd({ directory, host: '127.0.0.1', subsystem: SUBSYSTEM, authorizedKeys: [key] });
  const { host, port, user, hostKey } = sshd;
  return {
    sshd,
    directory,
    identityFile,
    place: () => ({ kind: 'ssh', host, port, user, hostKey, identityFile, masterKey: sha256(directory) }),
    async stop() {
      await sshd.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A copy of the bundled console somewhere else, named by FIXPOINT_PWSH: a double of an installed pwsh. */
export async function anInstalledEngine(): Promise<{ path: string; remove: () => Promise<void> }> {
  const directory = mkdtempSync('/tmp/fxp-');
  await cp(join(ENGINE, 'linux-x64'), directory, { recursive: true });
  return { path: join(directory, 'fixpoint-pwsh'), remove: () => rm(directory, { recursive: true, force: true }) };
}
