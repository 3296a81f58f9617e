import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ensureKeyPair, startSshd, type Sshd } from '../../lab/sshd.js';
import { anInstalledPowerShell } from '../../test/support/hosts.js';
import type { Account } from './accounting.js';

/** A Linux server of the comparison: an OpenSSH server of its own with the full PowerShell behind it, on a loopback address of its own. */
export interface BenchTarget {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  /** The file whose text is read and set; its sessions have the path as BENCH_FILE. */
  readonly file: string;
}

export interface BenchTargets {
  readonly directory: string;
  /** Private key that all of them let in. */
  readonly identityFile: string;
  /** A known_hosts file with all of them. */
  readonly knownHosts: string;
  /** The PowerShell of the servers. */
  readonly pwsh: string;
  readonly all: readonly BenchTarget[];
  stop(): Promise<void>;
}

const PORT = 20_022;

/** Starts that many servers; what they use is on `account`. */
export async function startTargets(count: number, account: Account): Promise<BenchTargets> {
  const directory = mkdtempSync('/tmp/fxc-');
  const installed = await anInstalledPowerShell();
  const identityFile = join(directory, 'client');
  const key = await ensureKeyPair(identityFile);
  const sshds: Sshd[] = [];
  const all: BenchTarget[] = [];
  for (let i = 1; i <= count; i++) {
    const name = `server-${String(i).padStart(2, '0')}`;
    const folder = join(directory, name);
    mkdirSync(folder);
    const file = join(folder, 'text');
    writeFileSync(file, 'before');
    const sshd = await startSshd({
      ...{ directory: folder, host: `127.0.3.${i}`, port: PORT, authorizedKeys: [key] },
      subsystem: `${installed.path} -sshs -NoLogo -NoProfile`,
      environment: { BENCH_FILE: file },
    });
    account.enter(sshd.pid);
    sshds.push(sshd);
    all.push({ name, host: sshd.host, port: sshd.port, user: userInfo().username, hostKey: sshd.hostKey, file });
  }
  const knownHosts = join(directory, 'known_hosts');
  writeFileSync(knownHosts, all.map(({ host, port, hostKey }) => `[${host}]:${port} ${hostKey}\n`).join(''));
  return {
    ...{ directory, identityFile, knownHosts, pwsh: installed.path, all },
    async stop() {
      for (const sshd of sshds) await sshd.stop();
      await installed.remove();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** @throws unless each of them has that text. Read without what was compared. */
export function expectText(targets: readonly BenchTarget[], text: string, by: string): void {
  const wrong = targets.filter(({ file }) => readFileSync(file, 'utf8') !== text);
  if (wrong.length > 0) throw new Error(`${by}: ${wrong.length} servers were not changed, such as ${wrong[0]?.name}`);
}
