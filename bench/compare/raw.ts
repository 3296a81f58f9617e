import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dotnetRoot } from '../../lab/sshd.js';
import { ENGINE } from '../../test/support/hosts.js';
import type { Contact, Way } from './way.js';
import { lineByLine } from './way.js';

/** The connections that ssh keeps in a folder are ended. */
export function endMasters(folder: string): void {
  const sockets = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  for (const name of sockets.filter((one) => /(^|\/)([0-9a-f]{24}-\d+|m-[^/]+)$/.test(one)))
    execFileSync('ssh', ['-F', 'none', '-o', `ControlPath=${join(folder, name)}`, '-O', 'exit', 'target'], {
      stdio: 'ignore',
    });
}

/** Raw PowerShell in the engine that Fixpoint bundles. */
function raw(
  way: 'invoke' | 'session' | 'kept',
  name: string,
  atOnce: number,
  contacts: readonly Contact[],
  keepsConnections: boolean,
): Way {
  return {
    ...{ name, atOnce, contacts },
    async start(targets, size, controller) {
      const folder = join(targets.directory, `raw-${way}`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const setup = join(folder, 'setup.json');
      const { identityFile, knownHosts } = targets;
      const controlPath = keepsConnections ? join(folder, 'm-%h') : '';
      writeFileSync(setup, JSON.stringify({ identityFile, knownHosts, controlPath }));
      const script = fileURLToPath(new URL('raw.ps1', import.meta.url));
      const child = spawn(
        join(ENGINE, 'linux-x64', 'fixpoint-pwsh'),
        ['-NoProfile', '-NonInteractive', '-File', script, '-Setup', setup],
        { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, DOTNET_ROOT: dotnetRoot() } },
      );
      controller.enter(child.pid);
      const ask = lineByLine(child, name);
      return {
        async round(which, text, contact, measured) {
          if (contact === 'first') endMasters(folder);
          await measured(async () => {
            await ask(JSON.stringify({ way, atOnce: size, text, targets: which }));
          });
        },
        async stop() {
          const ended = once(child, 'exit');
          child.stdin.end();
          await ended;
          endMasters(folder);
        },
      };
    },
  };
}

export const RAW_WAYS: readonly Way[] = [
  raw('invoke', 'Invoke-Command over SSH, three calls', 4, ['first', 'later'], true),
  raw('session', 'New-PSSession, three calls, Remove-PSSession', 4, ['first', 'later'], true),
  raw('kept', 'New-PSSession, all sessions left open', 8, ['later'], false),
];
