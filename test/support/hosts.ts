import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dotnetRoot, ensureKeyPair, startSshd, type Sshd } from '../../lab/sshd.js';
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

/** What an endpoint serves as its PowerShell subsystem; the bundled engine when absent. */
export interface EndpointOptions {
  /** The program with its arguments. */
  readonly subsystem?: string;
  /** Script that runs when a session opens, in its global scope, as a session configuration does. */
  readonly sessionScript?: string;
}

/** A Linux endpoint: a real sshd on loopback with the engine as its PowerShell subsystem. */
export async function anEndpoint(options: EndpointOptions = {}): Promise<Endpoint> {
  const directory = mkdtempSync('/tmp/fxe-');
  const identityFile = join(directory, 'client');
  const key = await ensureKeyPair(identityFile);
  const script = options.sessionScript;
  const encoded = script === undefined ? '' : ` -EncodedCommand ${Buffer.from(script, 'utf16le').toString('base64')}`;
  const subsystem = options.subsystem ?? `${SUBSYSTEM}${encoded}`;
  const sshd = await startSshd({ directory, host: '127.0.0.1', subsystem, authorizedKeys: [key] });
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

/** An installed PowerShell, with ICU: the NuGet tool package that engine/.config/dotnet-tools.json pins. */
export async function anInstalledPowerShell(): Promise<{ path: string; remove: () => Promise<void> }> {
  execFileSync('dotnet', ['tool', 'restore'], { cwd: join(INSTALL_ROOT, 'engine'), stdio: 'pipe' });
  const packages = process.env.NUGET_PACKAGES ?? join(homedir(), '.nuget', 'packages');
  const manifest = JSON.parse(readFileSync(join(INSTALL_ROOT, 'engine', '.config', 'dotnet-tools.json'), 'utf8')) as {
    readonly tools: { readonly powershell: { readonly version: string } };
  };
  const program = join(packages, 'powershell', manifest.tools.powershell.version, 'tools/net10.0/any/unix/pwsh.dll');
  const directory = mkdtempSync('/tmp/fxp-');
  const path = join(directory, 'pwsh');
  await writeFile(path, `#!/bin/sh\nexec '${join(dotnetRoot(), 'dotnet')}' '${program}' "$@"\n`, { mode: 0o755 });
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}
