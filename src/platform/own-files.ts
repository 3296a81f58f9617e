import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fchmodSync,
  fchownSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { readOwnFileSync, SECRET_BYTES } from './read-own-file.js';

/** Mode of a file that only its owner reads, and of a folder that only its owner enters. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/** Write bits of group and others: nobody but the owner may put a file into a folder of the installation. */
const WRITE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Makes a folder and what is missing above it. Modes do not depend on the umask: the folder gets `mode`, each folder above it that
 * was missing gets 0755. A folder that is there keeps its mode, except that group and others may no longer write into it. A folder
 * that is shared on purpose (sticky, such as /tmp) is left alone.
 * @throws Error when others may write into a folder that is not this user's
 */
export function ensureFolder(path: string, mode: number): void {
  const first = mkdirSync(path, { recursive: true, mode });
  if (first === undefined) {
    const now = statSync(path).mode & 0o7777;
    if ((now & WRITE_BY_OTHERS) !== 0 && (now & STICKY) === 0) chmodSync(path, now & ~WRITE_BY_OTHERS);
    return;
  }
  chmodSync(path, mode);
  for (let above = dirname(path); above.length >= first.length; above = dirname(above)) chmodSync(above, 0o755);
}

/**
 * The folder of an installation. Others may not list it; where the database server has a user of its own, that user must be able to
 * pass through it.
 */
export function ensureHome(home: string): void {
  ensureFolder(home, process.getuid?.() === 0 ? 0o711 : PRIVATE_FOLDER);
}

/** Writes a file whole or not at all, with this mode whatever the umask is. */
export function writeWhole(path: string, text: string, mode: number): void {
  const fresh = writeBeside(path, text, mode);
  renameSync(fresh, path);
}

/**
 * The same for the file of another account: it belongs to whom it belonged, or to whom its folder belongs. Only root can give a file
 * away; without that right it belongs to this process.
 */
export function replaceWhole(path: string, text: string, mode: number): void {
  const { uid, gid } = statSync(path, { throwIfNoEntry: false }) ?? statSync(dirname(path));
  renameSync(writeBeside(path, text, mode, { uid, gid }), path);
}

/** Writes a file whole, with this mode, unless there is one: of several writers the first wins. */
export function writeOnce(path: string, text: string, mode: number): void {
  const fresh = writeBeside(path, text, mode);
  try {
    linkSync(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh);
  }
}

/** A secret made once, in a file of mode 0600; a folder that is missing gets mode 0700. */
export function secretFile(path: string): string {
  ensureFolder(dirname(path), PRIVATE_FOLDER);
  writeOnceUnlessThere(path);
  return readOwnFileSync(path, { most: SECRET_BYTES }).trim();
}

function writeOnceUnlessThere(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return writeOnce(path, `${randomBytes(24).toString('hex')}\n`, PRIVATE_FILE);
  if (found.size === 0) return writeWhole(path, `${randomBytes(24).toString('hex')}\n`, PRIVATE_FILE);
  if ((found.mode & 0o077) !== 0) chmodSync(path, PRIVATE_FILE);
}

/**
 * Never wider than 0600 while it is written. Owner and mode are set on the open file: by its path whoever owns the folder could put a
 * link to another file there meanwhile.
 */
function writeBeside(
  path: string,
  text: string,
  mode: number,
  owner?: { readonly uid: number; readonly gid: number },
): string {
  const fresh = `${path}.${randomUUID()}`;
  const file = openSync(fresh, 'wx', PRIVATE_FILE);
  try {
    writeFileSync(file, text, { flush: true });
    if (owner && process.getuid?.() === 0) fchownSync(file, owner.uid, owner.gid);
    fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
  return fresh;
}
