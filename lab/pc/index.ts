import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { templatePath } from '../home.js';
import { run } from '../run.js';
import { startSshd, type Sshd } from '../sshd.js';
import { openHand, type Hand } from './hand.js';

const VAULT = fileURLToPath(new URL('./vault.ps1', import.meta.url));
const HAND = fileURLToPath(new URL('./hand.ps1', import.meta.url));
const WINE = '/usr/lib/wine/wine64';
const WITH_CONSOLE = fileURLToPath(new URL('./with-console.sh', import.meta.url));
/** PowerShell of a PC. */
const POWERSHELL = 'C:\\fixpoint\\fixpoint-pwsh.exe';

/** What takes longer than any machine needs has hung (milliseconds). */
const HANGS_MS = 20 * 60_000;

export interface Pc {
  readonly name: string;
  readonly prefix: string;
  readonly sshd: Sshd;
  /** The program that serves PowerShell remoting through its standard streams, which SSH and the double of WinRM start. */
  readonly server: string;
  /** Names in the user's vault, read without the product. */
  vault(): Promise<readonly string[]>;
  /** Makes the vault hold exactly these entries. */
  seed(entries: readonly string[]): Promise<void>;
  /** Looks at and changes what the user has here, beside the product; starts at its first use. See seeding.ts. */
  readonly hand: Hand;
  /** Another process of the same kind, for a look that shares nothing with an earlier one. */
  newHand(): Hand;
  stop(): Promise<void>;
}

export interface PcOptions {
  readonly home: string;
  readonly engineDirectory: string;
  readonly name: string;
  readonly host: string;
  readonly authorizedKeys: readonly string[];
}

/** A Windows PC: a Wine prefix of its own behind an OpenSSH server of its own. An independent implementation of Windows' calls. */
export async function startPc({ home, engineDirectory, name, host, authorizedKeys }: PcOptions): Promise<Pc> {
  const template = await ensurePrefix(home, engineDirectory);
  const directory = join(home, 'pcs', name);
  const prefix = join(directory, 'prefix');
  await endProcessesOf(prefix);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await clone(template, prefix);
  await cp(HAND, join(prefix, 'drive_c', 'fixpoint', 'hand.ps1'));
  const wrapper = join(directory, 'powershell');
  await writeFile(wrapper, wrapperScript(prefix, name, join(directory, 'wine.log')));
  await chmod(wrapper, 0o755);
  const sshd = await startSshd({ directory: join(directory, 'ssh'), host, subsystem: wrapper, authorizedKeys });
  const env = wineEnvironment(prefix);
  const script = (file: string, ...args: string[]) =>
    powershellOfPc('-NoProfile', '-ExecutionPolicy', 'Bypass', '-File', `C:\\fixpoint\\${file}`, ...args);
  const inside = (...args: string[]) => {
    const { program, args: words } = script('vault.ps1', ...args);
    return run(program, words, { env, timeout: HANGS_MS });
  };
  const newHand = () => openHand({ ...script('hand.ps1'), env });
  const hand = newHand();
  return {
    name,
    prefix,
    sshd,
    server: wrapper,
    vault: async () => (await inside('list')).split(/\r?\n/).filter(Boolean).sort(),
    seed: async (entries) => {
      await inside('seed', ...entries);
    },
    hand,
    newHand,
    async stop() {
      await hand.stop();
      await sshd.stop();
      await endProcessesOf(prefix);
    },
  };
}

/** How PowerShell of a PC is started with these arguments, other than by SSH. Its environment is `wineEnvironment`. */
export function powershellOfPc(...args: readonly string[]): {
  readonly program: string;
  readonly args: readonly string[];
} {
  return { program: WITH_CONSOLE, args: [WINE, POWERSHELL, ...args] };
}

export function wineEnvironment(prefix: string): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: process.env.HOME ?? '/',
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mshtml=',
    // Without it the runtime dies at the first collection that finalizes a dynamic method.
    DOTNET_EnableWriteXorExecute: '0',
    POWERSHELL_TELEMETRY_OPTOUT: '1',
  };
  return env;
}

function wrapperScript(prefix: string, name: string, log: string): string {
  const exports = Object.entries(wineEnvironment(prefix)).map(([key, value]) => `export ${key}='${value}'`);
  const serve = `${WINE} '${POWERSHELL}' -sshs`;
  // A machine name of its own, where the kernel lets us give it one.
  return `#!/bin/sh
unset DISPLAY
${exports.join('\n')}
cd /
if unshare --uts true 2>/dev/null; then
  exec unshare --uts sh -c "hostname ${name}; exec ${serve.replaceAll('\\', '\\\\')}" 2>>'${log}'
fi
exec ${serve} 2>>'${log}'
`;
}

/** A Windows 10 prefix with the engine in it and without a drive that leads to the machine's own files. */
async function ensurePrefix(home: string, engineDirectory: string): Promise<string> {
  const stamp = await readFile(join(engineDirectory, 'stamp'));
  const { path, ready } = templatePath(home, 'wine', [stamp, await readFile(VAULT), 'template 1']);
  if (ready) return path;
  const work = `${path}.${process.pid}`;
  await mkdir(work, { recursive: true, mode: 0o755 });
  const env = wineEnvironment(work);
  const boot = { ...env, WINEDLLOVERRIDES: 'mscoree,mshtml=' };
  await run(WINE, ['wineboot.exe', '-i'], { env: boot, timeout: HANGS_MS });
  await waitForServer(work);
  await run(WINE, ['winecfg.exe', '-v', 'win10'], { env, timeout: HANGS_MS });
  await waitForServer(work);
  await cp(join(engineDirectory, 'win-x64'), join(work, 'drive_c', 'fixpoint'), { recursive: true });
  await cp(VAULT, join(work, 'drive_c', 'fixpoint', 'vault.ps1'));
  // Z: is the machine's root: what a script deletes there would be gone for good.
  await rm(join(work, 'dosdevices', 'z:'), { force: true });
  // Profile folders are links into the home of whoever made the prefix.
  for (const folder of ['Desktop', 'Documents', 'Downloads', 'Music', 'Pictures', 'Videos', 'Templates']) {
    for (const user of await readdir(join(work, 'drive_c', 'users'))) {
      const at = join(work, 'drive_c', 'users', user, folder);
      if (await readlink(at).catch(() => undefined)) {
        await rm(at);
        await mkdir(at);
      }
    }
  }
  // It names the temporary folder of one wineserver: a clone must make its own.
  await rm(join(work, 'wineserver'), { force: true });
  await rename(work, path).catch(() => rm(work, { recursive: true, force: true }));
  return path;
}

async function waitForServer(prefix: string): Promise<void> {
  await run('/usr/lib/wine/wineserver64', ['-w'], { env: wineEnvironment(prefix), timeout: HANGS_MS }).catch(() =>
    run('wineserver', ['-w'], { env: wineEnvironment(prefix), timeout: HANGS_MS }),
  );
}

/** Hard links for what nobody writes, copies of the registry and the profiles: 35 ms and 2 MB instead of 700. */
async function clone(template: string, prefix: string): Promise<void> {
  await run('cp', ['-al', template, prefix]);
  for (const name of await readdir(prefix)) {
    if (!name.endsWith('.reg')) continue;
    await rm(join(prefix, name));
    await cp(join(template, name), join(prefix, name));
  }
  const users = join(prefix, 'drive_c', 'users');
  await rm(users, { recursive: true, force: true });
  await run('cp', ['-a', join(template, 'drive_c', 'users'), users]);
}

/** Wine's helpers outlive what started them; they are found by the prefix in their environment and ended by their id. */
export async function endProcessesOf(prefix: string): Promise<void> {
  if (!existsSync(prefix)) return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const mine: number[] = [];
    for (const entry of await readdir('/proc')) {
      if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
      const environment = await readFile(`/proc/${entry}/environ`, 'latin1').catch(() => '');
      if (environment.split('\0').includes(`WINEPREFIX=${prefix}`)) mine.push(Number(entry));
    }
    if (mine.length === 0) return;
    for (const pid of mine) {
      try {
        process.kill(pid, signal);
      } catch {
        // Gone meanwhile.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
