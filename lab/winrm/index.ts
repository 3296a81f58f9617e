import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.js';
import { dotnetRoot, freePort } from '../sshd.js';

const BUILD = new URL('./build.sh', import.meta.url).pathname;
const PROGRAM = new URL('./dist/winrm-double.dll', import.meta.url).pathname;

export interface WinRmOptions {
  /** A folder of this double: settings, log, files of its sign-ins. */
  readonly directory: string;
  readonly address: string;
  /** The real PSRP server behind each shell, with its arguments. */
  readonly server: readonly string[];
  /** Its certificate and key, for TLS; without them it listens on HTTP alone. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** What it offers; both by default. */
  readonly schemes?: readonly ('Kerberos' | 'Negotiate')[];
  /** A keytab, and the krb5.conf of its realm. */
  readonly kerberos?: { readonly keytab: string; readonly config: string };
  /** An account that NTLM knows (gss-ntlmssp). */
  readonly ntlm?: { readonly domain: string; readonly user: string; readonly password: string };
  /** `user:password` that Basic takes. */
  readonly basic?: string;
  /** The only certificate of a client that is taken. */
  readonly clientCertificate?: string;
  /** By how much its clock differs, as faketime has it, such as `+10m`. */
  readonly clock?: string;
}

/** A request that reached the double, as it noted it before it carried it out. */
export interface SeenRequest {
  readonly connection: string;
  readonly verb: '' | 'Create' | 'Command' | 'Send' | 'Receive' | 'Signal' | 'Delete';
  readonly messageId: string;
  readonly command: string;
  readonly shell: string;
  readonly configuration: string;
  readonly user: string;
  readonly isSealed: boolean;
  readonly isTls: boolean;
  /** What was done instead of an answer, or to it; empty where it was answered as WinRM does. */
  readonly mode: string;
}

export interface WinRmDouble {
  readonly address: string;
  readonly httpPort: number;
  /** 0 without TLS. */
  readonly tlsPort: number;
  readonly process: ChildProcess;
  requests(): readonly SeenRequest[];
  stop(): Promise<void>;
}

/** Starts a DOUBLE of the WinRM service (lab/winrm/Double): its SOAP is ours; the PSRP server, Kerberos, NTLM and TLS are real. */
export async function startWinRm(options: WinRmOptions): Promise<WinRmDouble> {
  const { directory, address, tls, kerberos, ntlm } = options;
  await run('bash', [BUILD]);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const at = (name: string) => join(directory, name);
  const httpPort = await freePort(address);
  const tlsPort = tls ? await freePort(address) : 0;
  const { schemes = ['Kerberos', 'Negotiate'], basic = null, clientCertificate = null, server } = options;
  const log = at('requests.jsonl');
  writeFileSync(log, '');
  if (ntlm) writeFileSync(at('ntlm'), `${ntlm.domain}:${ntlm.user}:${ntlm.password}\n`, { mode: 0o600 });
  const settings = { address, httpPort, tlsPort, schemes, basic, clientCertificate, server, log, ...tls };
  writeFileSync(at('settings.json'), JSON.stringify(settings), { mode: 0o600 });
  const [program = '', ...words] = [
    ...(options.clock === undefined ? [] : ['faketime', '-f', options.clock]),
    join(dotnetRoot(), 'dotnet'),
    PROGRAM,
    at('settings.json'),
  ];
  const child = spawn(program, words, {
    cwd: directory,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/bin:/bin',
      HOME: directory,
      DOTNET_ROOT: dotnetRoot(),
      POWERSHELL_TELEMETRY_OPTOUT: '1',
      DOTNET_gcServer: '0',
      ...(kerberos ? { KRB5_KTNAME: `FILE:${kerberos.keytab}`, KRB5_CONFIG: kerberos.config } : {}),
      ...(ntlm ? { NTLM_USER_FILE: at('ntlm') } : {}),
    },
  });
  await listening(child);
  return {
    address,
    httpPort,
    tlsPort,
    process: child,
    requests: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as SeenRequest),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      // Its shells are in its process group.
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}

function listening(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4096);
      if (said.includes('listening')) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the double of WinRM ended: ${said}`)));
  });
}
