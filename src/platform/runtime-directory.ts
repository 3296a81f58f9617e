import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A 0700 folder of this user for sockets, by the home it belongs to. Below the system's temporary folder, because a socket path
 * has at most 107 bytes.
 * @throws Error when somebody else owns a folder of that name.
 */
export function runtimeDirectory(home: string): string {
  const path = join(tmpdir(), `fixpoint-${createHash('sha256').update(home).digest('hex').slice(0, 10)}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.isSymbolicLink() || (process.getuid && found.uid !== process.getuid())) {
    throw new Error(`${path} belongs to somebody else`);
  }
  chmodSync(path, 0o700);
  return path;
}
