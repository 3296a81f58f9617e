import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { powershellOfPc, wineEnvironment } from '../pc/index.js';

/** A runbook folder whose `_modules/task-scheduler` is the double: named before the real one, it takes its place. */
export const DOUBLE_MODULES = fileURLToPath(new URL('.', import.meta.url));

const USER_NOT_LOGGED_ON = -2147216608;
const ALREADY_RUNNING = -2147216609;
const NEVER_RAN = 267011;
const RUNNING = 267009;
const TERMINATED = 267014;
const FILE_NOT_FOUND = -2147024894;

export interface LogonSession {
  readonly sid: string;
  readonly session: number;
}

/** A task as it was registered. */
export interface Definition {
  readonly name: string;
  readonly userSid: string;
  readonly limitSeconds: number;
  readonly command: string;
  readonly arguments: readonly string[];
}

/** What stands for the user's session: gets a task, answers its exit code. The default runs the engine of the PC. */
export type Behaviour = (task: Definition, session: number) => Promise<number>;

export interface TaskScheduler {
  /** Who is logged on where; `unknown` makes the question fail. */
  logOn(sessions: readonly LogonSession[] | 'unknown'): Promise<void>;
  /** What happens in the user's session instead of the engine: a hostile or a broken user. */
  behave(behaviour: Behaviour | undefined): void;
  /** The default: the task's script, by the engine of the PC. */
  readonly engine: Behaviour;
  /** The next start answers this HRESULT. */
  refuseNext(hresult: number): void;
  readonly started: readonly (Definition & { readonly session: number })[];
  readonly registered: () => Promise<readonly string[]>;
  stop(): Promise<void>;
}

/**
 * DOUBLE of the Windows Task Scheduler for a laboratory PC: tasks are folders below `C:\fixpoint\tasks`, written by the double's
 * PowerShell half and carried out here. It stands for: registering, starting in one session, one instance at a time, the time limit,
 * result codes, and who is logged on. It cannot stand for another user's token: everything runs as the one user of the PC.
 */
export async function startTaskScheduler(prefix: string): Promise<TaskScheduler> {
  const folder = join(prefix, 'drive_c', 'fixpoint', 'tasks');
  await mkdir(folder, { recursive: true });
  const children = new Set<ChildProcess>();
  const started: (Definition & { session: number })[] = [];
  const running = new Set<string>();
  let sessions: readonly LogonSession[] = [];
  let refusal: number | undefined;
  let behaviour: Behaviour | undefined;
  let ended = false;

  const engine: Behaviour = (task) => runEngine(prefix, task, children);
  const put = (path: string, text: string) => writeFile(`${path}.tmp`, text).then(() => rename(`${path}.tmp`, path));
  const setState = async (at: string, state: string, result: number) => {
    if (existsSync(at)) await put(join(at, 'state'), `${state} ${result}`).catch(() => undefined);
  };

  const start = async (name: string, at: string): Promise<void> => {
    const session = Number(await readFile(join(at, 'start'), 'utf8'));
    await rm(join(at, 'start'));
    const task = parse(name, await readFile(join(at, 'definition'), 'utf8'));
    const there = sessions.some((one) => one.sid === task.userSid && one.session === session);
    const answer = refusal ?? (running.has(name) ? ALREADY_RUNNING : there ? 0 : USER_NOT_LOGGED_ON);
    refusal = undefined;
    if (answer === 0) {
      started.push({ ...task, session });
      running.add(name);
      await setState(at, 'running', RUNNING);
      void carryOut(task, session, at);
    }
    await put(join(at, 'answer'), String(answer));
  };

  const carryOut = async (task: Definition, session: number, at: string): Promise<void> => {
    const limit = after(task.limitSeconds * 1000, TERMINATED);
    const stopped = stopFile(at, () => ended, TERMINATED);
    const result = await Promise.race([(behaviour ?? engine)(task, session), limit.over, stopped.over]);
    limit.cancel();
    stopped.cancel();
    if (result === TERMINATED) for (const child of children) child.kill('SIGKILL');
    running.delete(task.name);
    await setState(at, 'ready', result);
  };

  const serve = async (): Promise<void> => {
    while (!ended) {
      for (const name of await readdir(folder)) {
        const at = join(folder, name);
        if (existsSync(join(at, 'start')) && existsSync(join(at, 'definition'))) await start(name, at);
      }
      await pause(40);
    }
  };
  await put(join(folder, 'sessions'), '');
  const serving = serve();
  return {
    async logOn(now) {
      sessions = now === 'unknown' ? [] : now;
      const lines = now === 'unknown' ? ['unknown'] : now.map(({ sid, session }) => `${sid} ${session}`);
      await put(join(folder, 'sessions'), lines.join('\n'));
    },
    behave(given) {
      behaviour = given;
    },
    engine,
    refuseNext(hresult) {
      refusal = hresult;
    },
    started,
    registered: async () => (await readdir(folder)).filter((name) => name.startsWith('fixpoint-')),
    async stop() {
      ended = true;
      await serving;
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

function parse(name: string, definition: string): Definition {
  const [userSid = '', limit = '', command = '', line = ''] = definition.split('\n');
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return { name, userSid, limitSeconds: Number(limit), command, arguments: words };
}

/** Windows PowerShell 5.1 is not there under Wine: PowerShell of the PC gets its arguments. */
function runEngine(prefix: string, task: Definition, children: Set<ChildProcess>): Promise<number> {
  if (!/^c:\\windows\\system32\\windowspowershell\\v1\.0\\powershell\.exe$/i.test(task.command))
    return Promise.resolve(FILE_NOT_FOUND);
  const { program, args } = powershellOfPc(...task.arguments);
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      env: wineEnvironment(prefix),
      stdio: 'ignore',
      cwd: '/',
    });
    children.add(child);
    child.once('exit', (code) => {
      children.delete(child);
      resolve(code ?? TERMINATED);
    });
    child.once('error', () => resolve(FILE_NOT_FOUND));
  });
}

function after(ms: number, value: number): { over: Promise<number>; cancel: () => void } {
  let timer: NodeJS.Timeout;
  const over = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(value), ms);
  });
  return { over, cancel: () => clearTimeout(timer) };
}

/** Ends once somebody asked for the task to be stopped. */
function stopFile(at: string, ended: () => boolean, value: number): { over: Promise<number>; cancel: () => void } {
  let watching = true;
  const over = (async () => {
    while (watching && !ended() && !existsSync(join(at, 'stop'))) await pause(40);
    return watching ? value : NEVER_RAN;
  })();
  return {
    over,
    cancel() {
      watching = false;
    },
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
