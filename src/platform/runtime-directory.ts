import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsFault } from './settings-fault.js';

/** Longest path of a socket on Linux, in bytes. */
const LONGEST_SOCKET = 107;
/**
 * What is appended to a runtime directory, in bytes: `/h-XXXXXX` for each engine, and in it the longest name of a socket. That is the
 * one that the engine opens for debuggers, `/CoreFxPipe_PSHost.XXXXXXXX.9999999.None.fixpoint-pwsh`; the one of a shared connection
 * with the 17 characters that ssh appends while it binds is shorter.
 */
const RESERVED = 9 + 55;

/**
 * A 0700 folder of this user for sockets, by the home it belongs to: the first of the temporary folder, the user's runtime folder and
 * /tmp in which every path of a socket fits. Its path has no character that ssh replaces or splits at.
 * @throws SettingsFault when there is no such folder, or somebody else owns the one of that name.
 */
export function runtimeDirectory(
  home: string,
  bases: readonly (string | undefined)[] = [tmpdir(), process.env.XDG_RUNTIME_DIR, '/tmp'],
): string {
  const name = `fixpoint-${createHash('sha256').update(home).digest('hex').slice(0, 10)}`;
  const base = bases.find(
    (folder) => folder !== undefined && hasRoomForSockets(join(folder, name)) && isWritable(folder),
  );
  if (base === undefined)
    throw new SettingsFault(
      `No folder for control sockets: the path of a socket has at most ${LONGEST_SOCKET} bytes. Set TMPDIR to a folder with a path of at most ${LONGEST_SOCKET - RESERVED - name.length - 1} letters, digits and slashes.`,
    );
  const path = join(base, name);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.isSymbolicLink() || (process.getuid && found.uid !== process.getuid())) {
    throw new SettingsFault(`${path} belongs to somebody else`);
  }
  chmodSync(path, 0o700);
  return path;
}

/** Whether engines may run with this runtime directory. */
export function hasRoomForSockets(directory: string): boolean {
  return Buffer.byteLength(directory) + RESERVED <= LONGEST_SOCKET && /^[A-Za-z0-9/._-]+$/.test(directory);
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
