import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Processor time of a group of processes and of all that they start, those that leave their parents too: a control group of the kernel. */
export interface Account {
  /** From here on the process, and what it will start, counts in this account. @throws for one that was not started */
  enter(pid: number | undefined): void;
  /** Processor time of all so far, in milliseconds. */
  usedMs(): number;
  /** Processes that run in it. */
  pids(): readonly number[];
  /** Only without processes. */
  remove(): void;
}

const ROOT = '/sys/fs/cgroup';

/** @throws where this user may not make control groups; root may. */
export function openAccount(name: string): Account {
  const second = existsSync(join(ROOT, 'cgroup.controllers'));
  const folder = join(ROOT, second ? '' : 'cpuacct', `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const file = (of: string) => join(folder, of);
  return {
    enter(pid) {
      // The kernel takes 0 for the writer itself.
      if (!pid) throw new Error('the process was not started');
      writeFileSync(file('cgroup.procs'), String(pid));
    },
    usedMs: () =>
      second
        ? Number(/^usage_usec (\d+)$/m.exec(readFileSync(file('cpu.stat'), 'utf8'))?.[1]) / 1e3
        : Number(readFileSync(file('cpuacct.usage'), 'utf8')) / 1e6,
    pids: () => readFileSync(file('cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number),
    remove: () => rmdirSync(folder),
  };
}
