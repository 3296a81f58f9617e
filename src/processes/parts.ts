import { fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningPostgres } from '../adapters/postgres/install/embedded.js';
import type { LoginRole } from '../adapters/postgres/index.js';
import { PRIVATE_FILE, writeWhole } from '../platform/own-files.js';
import { nodeArgumentsFor } from '../platform/typescript-arguments.js';
import type { Settings } from './compose.js';
import type { Part, Run } from './keep-up.js';
import { listenTo } from './last-words.js';
import { SECRET_VARIABLES, type Secrets } from './secrets.js';

interface Program {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** How long it may take to end after SIGTERM (milliseconds). */
  readonly endsWithinMs: number;
}

const ENDS_WITHIN_MS = 10_000;
/** Beyond the time that a process gives itself. */
const GRACE_MS = 2000;
/** How long its output may stay open after its end. */
const CLOSED_WITHIN_MS = 1000;

/** The processes of the product, each with the database role that is its own, and no other's. Secrets reach them in files alone. */
export function processParts(
  config: Settings['config'],
  urls: Readonly<Record<LoginRole, string>>,
  redisUrl: string | undefined,
  log: (message: string) => void,
): readonly Part[] {
  const secretNames = new Set(Object.values(SECRET_VARIABLES).flatMap((name): string[] => [name, `${name}_FILE`]));
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !secretNames.has(name)));
  /** The setting that names a file with this address; the file is written anew at each start. */
  const inFile = (key: keyof Secrets, url: string) => {
    const path = join(config.home, 'keys', `${key}.secret`);
    writeWhole(path, `${url}\n`, PRIVATE_FILE);
    return { [`${SECRET_VARIABLES[key]}_FILE`]: path };
  };
  const queue = redisUrl === undefined ? inFile('queueUrl', urls.queue) : inFile('redisUrl', redisUrl);
  // The parts run as this file does: compiled or from the source.
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const part = (
    name: string,
    script: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    endsWithinMs = ENDS_WITHIN_MS,
  ): Part => {
    const path = join(root, `${script}${extname(import.meta.url)}`);
    const whole = { ...inherited, FIXPOINT_HOME: config.home, ...env };
    return { name, start: () => startProcess({ name, script: path, args, env: whole, endsWithinMs }, log) };
  };
  return [
    part('authority', 'src/processes/authority', [], inFile('authorityUrl', urls.authority)),
    part('relay', 'workers/main', ['relay'], { ...inFile('relayUrl', urls.relay), ...queue }),
    part(
      'worker',
      'workers/main',
      ['worker'],
      { ...inFile('workerUrl', urls.worker), ...queue },
      config.drainMs + ENDS_WITHIN_MS,
    ),
    part('api', 'src/processes/api', [], inFile('apiUrl', urls.api)),
  ];
}

/** The embedded database as a part: it is started again at the same address. */
export function postgresPart(postgres: RunningPostgres): Part & { running(): Run } {
  const run = (): Run => {
    const { ready, ended, stop } = postgres.server;
    return { ready, ended: ended.then((why) => ({ why })), stop };
  };
  return {
    name: 'PostgreSQL',
    running: run,
    start() {
      postgres.restart();
      return run();
    },
  };
}

/** Starts a process of the product. Exit code 2 means that a setting is wrong, so that another start would end the same way. */
function startProcess({ name, script, args, env, endsWithinMs }: Program, log: (message: string) => void): Run {
  const child = fork(script, [...args], {
    env,
    execArgv: [...nodeArgumentsFor(script)],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C goes to the whole group of a terminal: the supervisor alone decides the order.
    detached: true,
  });
  const words = listenTo([child.stdout, child.stderr], (line) => log(`${name}: ${line}`));
  const ready = new Promise<void>((resolve) =>
    child.on('message', (message) => (message === 'ready' ? resolve() : undefined)),
  );
  const ended = new Promise<{ why: string; lasting?: boolean }>((resolve) => {
    child.on('error', (error) => resolve({ why: error.message }));
    child.on('exit', (code, signal) => {
      const tell = () => resolve({ why: signal ?? (words.reason() || `code ${code}`), lasting: code === 2 });
      child.once('close', tell);
      // Who was started by it may hold its output open.
      setTimeout(tell, CLOSED_WITHIN_MS).unref();
    });
  });
  return {
    ready,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const stubborn = setTimeout(() => child.kill('SIGKILL'), endsWithinMs + GRACE_MS);
      await ended;
      clearTimeout(stubborn);
    },
  };
}
