import { readFile } from 'node:fs/promises';

/** A process we started, told apart from a later one with the same number by when it started. */
export interface Owned {
  readonly what: string;
  readonly pid: number;
  readonly startedAt: string;
}

/** In clock ticks since boot; undefined where there is no such process. */
export async function startTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

export async function own(what: string, pid: number): Promise<Owned> {
  return { what, pid, startedAt: (await startTime(pid)) ?? '' };
}

export async function isAlive({ pid, startedAt }: Owned): Promise<boolean> {
  return startedAt !== '' && (await startTime(pid)) === startedAt;
}

/** Ends a process and its group, politely first. */
export async function end(owned: Owned): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await isAlive(owned))) return;
    try {
      process.kill(-owned.pid, signal);
    } catch {
      return;
    }
    for (let i = 0; i < 60 && (await isAlive(owned)); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
