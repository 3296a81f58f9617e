import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** Processor time of a process alone, in milliseconds; of its ended children too with `withEnded`. 0 where there is no such process. */
export function processorMs(pid: number, withEnded = false): number {
  try {
    // After the name in brackets: state is field 3; utime, stime, cutime and cstime are 14 to 17.
    const fields =
      readFileSync(join('/proc', String(pid), 'stat'), 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return fields.slice(11, withEnded ? 15 : 13).reduce((sum, field) => sum + Number(field), 0) * TICK_MS;
  } catch {
    return 0;
  }
}

/** The processes that a process started and that still run. */
export function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(/\s+/).map(Number);
}

/** Processor time of a PostgreSQL server and all its processes, those that have ended too, in milliseconds. */
export function serverMs(postmaster: number): number {
  return [postmaster, ...childrenOf(postmaster)].reduce((sum, pid) => sum + processorMs(pid, true), 0);
}
