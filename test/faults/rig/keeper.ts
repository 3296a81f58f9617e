import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { sleep } from './folders.js';
import { endWithUs } from './leftovers.js';

export type RoleName = 'api' | 'authority' | 'relay' | 'worker';

export interface Keeper {
  readonly role: RoleName;
  readonly name: string;
  pid(): number | undefined;
  isReady(): boolean;
  /** Starts so far. */
  starts(): number;
  /** Of all its starts so far, the longest from the start until it said that it is ready; 0 before the first (ms). */
  slowestStartMs(): number;
  signal(signal: NodeJS.Signals): void;
  /** Process ids of its engines. */
  engines(): readonly number[];
  /** Keeps it down until `release`. */
  hold(): Promise<void>;
  release(): void;
  stop(): Promise<void>;
}

export interface KeptPart {
  readonly role: RoleName;
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly log: string;
  env(): NodeJS.ProcessEnv;
  /** It ended by itself, not by a signal: a fault of its own. */
  onCrash(why: string): void;
  /** A program before node, such as `ip netns exec x`. */
  readonly prefix?: readonly string[];
}

/** A process of the product that is started again as soon as it died. */
export function keep(part: KeptPart): Keeper {
  let child: ChildProcess | undefined;
  let ready = false;
  let stopping = false;
  let held = false;
  let starts = 0;
  let slowestStartMs = 0;
  const start = () => {
    if (stopping || held) return;
    starts += 1;
    ready = false;
    const begun = Date.now();
    const [program = process.execPath, ...before] = [...(part.prefix ?? []), process.execPath];
    // Straight to the file: what a pipe still held when the process was gone would be written after the run's files are.
    const said = openSync(part.log, 'a');
    const running = spawn(program, [...before, part.script, ...part.args], {
      env: part.env(),
      stdio: ['ignore', said, said, 'ipc'],
      detached: true,
    });
    closeSync(said);
    child = running;
    running.on('exit', endWithUs(running.pid));
    running.on('message', (message) => {
      if (message !== 'ready' || ready) return;
      ready = true;
      slowestStartMs = Math.max(slowestStartMs, Date.now() - begun);
    });
    running.on('exit', (code, signal) => {
      const served = ready;
      ready = false;
      if (stopping || held) return;
      // One that could not start while its database is away is started again; one that served and then fell is at fault.
      if (signal === null && code !== 0 && served)
        part.onCrash(`${part.name} ended with ${code}: ${readFileSync(part.log, 'utf8').slice(-600)}`);
      setTimeout(start, Date.now() - begun < 1000 && signal === null ? 500 : 20);
    });
  };
  const end = async () => {
    const running = child;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    // A stopped process does not hear SIGTERM.
    running.kill('SIGCONT');
    running.kill('SIGTERM');
    const stubborn = setTimeout(() => running.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(stubborn);
  };
  start();
  return {
    role: part.role,
    name: part.name,
    pid: () => child?.pid,
    isReady: () => ready,
    starts: () => starts,
    slowestStartMs: () => slowestStartMs,
    signal: (signal) => void child?.kill(signal),
    engines: () => (child?.pid === undefined ? [] : childrenOf(child.pid)),
    async hold() {
      held = true;
      child?.kill('SIGKILL');
      while (child && child.exitCode === null && child.signalCode === null) await sleep(10);
    },
    release() {
      held = false;
      start();
    },
    async stop() {
      stopping = true;
      await end();
    },
  };
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      try {
        const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
      } catch {
        return false;
      }
    });
}
