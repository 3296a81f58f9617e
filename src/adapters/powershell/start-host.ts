import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { PowerShell } from 'node-powershell';
import { ensureFolder, PRIVATE_FOLDER } from '../../platform/own-files.js';
import { hasRoomForSockets } from '../../platform/runtime-directory.js';
import type { KerberosTicket } from '../../ports/powershell-host.js';
import { openChannel, type Channel } from './channel.js';
import type { Engine } from './find-engine.js';
import { newHostFolder, removeHostFolder } from './host-folders.js';
import { kerberosVariables } from './kerberos-variables.js';
import { killTree } from './kill-tree.js';

/** A start may take long on a cold machine. */
const START_MS = 60_000;
/** The same for every host: what differs comes by the environment, nothing by this text. */
const SERVE =
  '[void][System.Reflection.Assembly]::LoadFrom($env:FIXPOINT_HOST_ASSEMBLY); [Fixpoint.Engine.HostServer]::Serve()\n';
/** What the engine inherits; everything else of our environment stays with us. */
const INHERITED = ['PATH', 'HOME', 'TZ', 'DOTNET_ROOT', 'LD_LIBRARY_PATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

export interface RunningHost {
  readonly pid: number;
  readonly engineDigest: string;
  readonly channel: Channel;
  /** Resolves when the process has ended, for whatever reason. Never rejects. */
  readonly exited: Promise<void>;
  /** Resolves when its folder is gone too. Never rejects. */
  readonly tidied: Promise<void>;
  /** The last noise of the process: never parsed, shown when a start fails. */
  noise(): string;
  kill(): void;
}

/**
 * Starts an engine through node-powershell and waits until its host has connected to our private socket and proved the nonce.
 * @param ticket with which the process signs in to directories; without it the process has none
 * @throws Error with the process's last words when it does not come up.
 */
export async function startHost(
  engine: Engine,
  runtimeDirectory: string,
  ticket?: KerberosTicket,
): Promise<RunningHost> {
  if (!hasRoomForSockets(runtimeDirectory))
    throw new Error(
      `${runtimeDirectory} is too long, or has characters that are not plain, for the sockets of an engine.`,
    );
  ensureFolder(runtimeDirectory, PRIVATE_FOLDER);
  const directory = await newHostFolder(runtimeDirectory);
  const nonce = randomBytes(32).toString('hex');
  const server = createServer();
  const socketPath = join(directory, 's');
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));
  const shell = startProcess(engine, { directory, socketPath, nonce, ticket });
  const child = (shell as unknown as { readonly process: { readonly pid?: number } }).process;
  const end = () => (child.pid === undefined ? undefined : killTree(child.pid));
  let noise = '';
  const keep = (chunk: unknown) => {
    noise = (noise + String(chunk)).slice(-4096);
  };
  shell.streams.stdout.on('data', keep);
  shell.streams.stderr.on('data', keep);
  // It rejects when the host dies before any call: `exited` reports that, not an unhandled rejection.
  const exited = (shell as unknown as { readonly exitPromise: Promise<void> }).exitPromise
    .catch(() => undefined)
    .then(() => undefined);
  const tidied = exited.then(() => {
    server.close();
    return removeHostFolder(directory);
  });
  try {
    shell.streams.stdin.write(SERVE);
    const { channel, hello } = await within(START_MS, exited, nameOf(engine), () => noise, firstFrame(server, nonce));
    server.close();
    return {
      pid: child.pid ?? 0,
      engineDigest: String(hello.engineDigest),
      channel,
      exited,
      tidied,
      noise: () => noise,
      kill: end,
    };
  } catch (error) {
    end();
    await tidied;
    throw error;
  }
}

function startProcess(
  engine: Engine,
  at: {
    readonly directory: string;
    readonly socketPath: string;
    readonly nonce: string;
    readonly ticket: KerberosTicket | undefined;
  },
) {
  // This variable would win over the executable we name.
  delete process.env.NODE_POWERSHELL;
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  ) as NodeJS.ProcessEnv;
  return new PowerShell({
    executable: engine.executable,
    executableOptions: { '-NoProfile': true, '-NonInteractive': true },
    spawnOptions: {
      cwd: at.directory,
      env: {
        ...inherited,
        ...kerberosVariables(at.directory, at.ticket),
        FIXPOINT_HOST_SOCKET: at.socketPath,
        FIXPOINT_HOST_NONCE: at.nonce,
        FIXPOINT_HOST_ASSEMBLY: engine.assembly,
        FIXPOINT_HOST_RUNTIME: at.directory,
        // The sockets that .NET opens for debuggers too: they go with the folder when the engine is killed.
        TMPDIR: at.directory,
        DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1',
        DOTNET_gcServer: '0',
        DOTNET_GCHeapHardLimit: '0x20000000',
        POWERSHELL_TELEMETRY_OPTOUT: '1',
        POWERSHELL_UPDATECHECK: 'Off',
      },
    },
  });
}

async function firstFrame(server: Server, nonce: string) {
  for (;;) {
    const socket = await new Promise<Socket>((resolve) => server.once('connection', resolve));
    const channel = openChannel(socket);
    const hello = await channel.next();
    const said = Buffer.from(typeof hello?.nonce === 'string' ? hello.nonce : '');
    const expected = Buffer.from(nonce);
    if (hello && said.length === expected.length && timingSafeEqual(said, expected)) return { channel, hello };
    // Whoever else found the socket proves nothing and is sent away.
    socket.destroy();
  }
}

/** The program, and the setting that chose it where a setting may have. */
function nameOf({ executable, source }: Engine): string {
  return source === 'installed' ? `The engine ${executable} (FIXPOINT_PWSH or PATH)` : 'The bundled engine';
}

async function within<T>(
  ms: number,
  exited: Promise<void>,
  name: string,
  noise: () => string,
  work: Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} did not answer within ${ms / 1000} s. ${noise()}`)), ms);
  });
  const gone = exited.then(() => {
    throw new Error(`${name} ended while starting. ${noise()}`);
  });
  gone.catch(() => undefined);
  try {
    return await Promise.race([work, late, gone]);
  } finally {
    clearTimeout(timer);
  }
}
