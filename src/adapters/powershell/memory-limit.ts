import { readFile } from 'node:fs/promises';
import type { LiveHost } from './live-host.js';

/** What an engine may hold in all. Its managed heap has a limit of its own (half of this); native libraries have none. */
const MOST_BYTES = 1024 ** 3;
const EVERY_MS = 500;

/** Bytes of memory that a process holds; undefined where the system does not say so, and of a process that is gone. */
async function residentBytes(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(text) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/**
 * Ends an engine that holds too much: whoever answers a search without end would otherwise take the memory of the whole machine. What
 * ran in it has failed like with any engine that ends.
 */
export function limitMemory(
  host: Pick<LiveHost, 'pid' | 'kill' | 'isGone'>,
  log: (message: string) => void,
  most: number = MOST_BYTES,
): void {
  const timer = setInterval(() => {
    if (host.isGone()) return clearInterval(timer);
    void residentBytes(host.pid).then((bytes) => {
      if (bytes === undefined || bytes <= most || host.isGone()) return;
      clearInterval(timer);
      log(
        `the engine ${host.pid} was ended: it held ${Math.round(bytes / 1024 ** 2)} MiB, and ${most / 1024 ** 2} are allowed`,
      );
      host.kill();
    });
  }, EVERY_MS);
  timer.unref();
}
