import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';

export interface SshdOptions {
  /** A folder of this endpoint: keys, configuration, log. */
  readonly directory: string;
  readonly host: string;
  /** Program that serves `Subsystem powershell`, with its arguments; null: the server has no such subsystem. */
  readonly subsystem: string | null;
  /** Public keys that may sign in. */
  readonly authorizedKeys: readonly string[];
  /** Further variables of the sessions. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Free port when absent. */
  readonly port?: number;
}

export interface Sshd {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: string;
  readonly pid: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Makes an Ed25519 key pair (0600) unless it is there; returns the public line without a comment. */
export async function ensureKeyPair(path: string): Promise<string> {
  try {
    return keyOf(await readFile(`${path}.pub`, 'utf8'));
  } catch {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'fixpoint-lab', '-f', path]);
    return keyOf(await readFile(`${path}.pub`, 'utf8'));
  }
}

function keyOf(line: string): string {
  return line.split(' ').slice(0, 2).join(' ').trim();
}

/** Starts a real OpenSSH server on loopback that offers PowerShell remoting, or nothing. */
export async function startSshd(options: SshdOptions): Promise<Sshd> {
  const { directory, host } = options;
  await mkdir(directory, { recursive: true, mode: 0o755 });
  // Privilege separation wants this folder; it is there once the package's service has run.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const hostKeyPath = join(directory, 'host_key');
  const hostKey = await ensureKeyPair(hostKeyPath);
  const authorized = join(directory, 'authorized_keys');
  await writeFile(authorized, `${options.authorizedKeys.join('\n')}\n`);
  await chmod(authorized, 0o600);
  const port = options.port ?? (await freePort(host));
  // Of its own and empty: a shell that sshd starts reads the files of its home, and those of whoever runs this may do anything.
  const home = join(directory, 'home');
  await mkdir(home, { recursive: true, mode: 0o755 });
  const environment = {
    HOME: home,
    DOTNET_ROOT: process.env.DOTNET_ROOT ?? dotnetRoot(),
    POWERSHELL_TELEMETRY_OPTOUT: '1',
    ...options.environment,
  };
  const lines = [
    `ListenAddress ${host.includes(':') ? `[${host}]` : host}:${port}`,
    `HostKey ${hostKeyPath}`,
    `AuthorizedKeysFile ${authorized}`,
    `PidFile ${join(directory, 'sshd.pid')}`,
    ...(options.subsystem === null ? [] : [`Subsystem powershell ${options.subsystem}`]),
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'AllowTcpForwarding no',
    'AllowAgentForwarding no',
    'X11Forwarding no',
    'PermitTTY no',
    'MaxStartups 200',
    'MaxSessions 100',
    'ClientAliveInterval 5',
    'ClientAliveCountMax 3',
    'LogLevel INFO',
    `SetEnv ${Object.entries(environment)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
  ];
  const config = join(directory, 'sshd_config');
  await writeFile(config, `${lines.join('\n')}\n`);
  const log = join(directory, 'sshd.log');
  const child = spawn('/usr/sbin/sshd', ['-D', '-f', config, '-E', log], { stdio: 'ignore', detached: true });
  child.unref();
  await answering(host, port, child, log);
  return {
    host,
    port,
    user: userInfo().username,
    hostKey,
    pid: child.pid ?? 0,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      // The listener and its sessions are one process group of their own.
      if (child.pid !== undefined) {
        try {
          process.kill(-child.pid, 'SIGTERM');
        } catch {
          child.kill('SIGTERM');
        }
      }
      child.ref();
      await ended;
    },
  };
}

/** The folder that `dotnet` really lives in: sshd starts programs with an empty environment. */
export function dotnetRoot(): string {
  const path = execFileSync('sh', ['-c', 'readlink -f "$(command -v dotnet)"'], { encoding: 'utf8' }).trim();
  return path.replace(/\/dotnet$/, '');
}

export async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function answering(host: string, port: number, child: ChildProcess, log: string): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${await readFile(log, 'utf8').catch(() => '')}`);
    const answers = await new Promise<boolean>((resolve) => {
      const socket = connect(port, host, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd does not answer on ${host}:${port}`);
}
