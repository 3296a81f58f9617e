import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One server of the demonstration and its notice. */
export interface DemoServer {
  readonly name: string;
  /** The file with the notice. */
  readonly file: string;
}

const OLD = 'Authorised people only.\n';

/** Servers of the second wave that cannot be written. */
export const BROKEN: readonly string[] = ['server-03', 'server-04', 'server-06', 'server-07'];

/** Names of that many servers: `server-01` and on. */
export const serverNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `server-${String(i + 1).padStart(2, '0')}`);

/**
 * Gives each server an old notice. Where the notice of a broken one belongs is a folder: Detect finds no notice, and Apply cannot write
 * one. They are one machine with one file system in truth, so each has a file of its own.
 */
export function furnishServers(folder: string, names: readonly string[]): readonly DemoServer[] {
  rmSync(folder, { recursive: true, force: true });
  return names.map((name) => {
    const file = join(folder, name, 'issue.net');
    if (BROKEN.includes(name)) mkdirSync(file, { recursive: true });
    else {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(file, OLD);
    }
    return { name, file };
  });
}

/** What the notice says now; undefined where there is none. Read without the product. */
export const noticeOf = ({ name, file }: DemoServer): string | undefined =>
  BROKEN.includes(name) || !existsSync(file) ? undefined : readFileSync(file, 'utf8');
