import { readFile } from 'node:fs/promises';

/** When a process started, in clock ticks since boot; undefined where there is none. A reused pid is another process. */
export async function processStartTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
