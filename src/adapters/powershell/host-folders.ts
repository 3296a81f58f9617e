import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PRIVATE_FILE } from '../../platform/own-files.js';
import { processStartTime } from '../../platform/process-start-time.js';

const PREFIX = 'h-';
const OWNER_FILE = 'owner.json';
/** A folder without an owner may be one whose process has just made it. */
const UNOWNED_MS = 600_000;

interface Owner {
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string | undefined;
}

const owner = async (): Promise<Owner> => ({
  host: hostname(),
  pid: process.pid,
  startedAt: await processStartTime(process.pid),
});

/** Makes the folder of a new engine; those that ended processes of this machine left behind are removed. */
export async function newHostFolder(runtimeDirectory: string): Promise<string> {
  await removeLeftovers(runtimeDirectory);
  const directory = await mkdtemp(join(runtimeDirectory, PREFIX));
  await writeFile(join(directory, OWNER_FILE), JSON.stringify(await owner()), { mode: PRIVATE_FILE });
  return directory;
}

/** Removes the folder of an engine that has ended. What cannot be removed is left, and ends nobody. */
export async function removeHostFolder(directory: string): Promise<void> {
  // The connections of a killed engine may still write sockets into it.
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).catch(() => undefined);
}

async function removeLeftovers(runtimeDirectory: string): Promise<void> {
  const names = await readdir(runtimeDirectory).catch(() => []);
  const folders = names.filter((name) => name.startsWith(PREFIX)).map((name) => join(runtimeDirectory, name));
  for (const folder of folders) if (await isLeftover(folder)) await removeHostFolder(folder);
}

async function isLeftover(folder: string): Promise<boolean> {
  try {
    const { host, pid, startedAt } = JSON.parse(await readFile(join(folder, OWNER_FILE), 'utf8')) as Owner;
    // What runs on another machine that shares this folder is not seen from here.
    return host === hostname() && (await processStartTime(pid)) !== startedAt;
  } catch {
    const made = await stat(folder).catch(() => undefined);
    return made !== undefined && Date.now() - made.mtimeMs > UNOWNED_MS;
  }
}
