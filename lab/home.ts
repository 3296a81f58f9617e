import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFolder, ensureHome } from '../src/platform/own-files.js';

/** Folder of a laboratory. Wine and Samba want their paths short and enterable, so a home under a closed folder is not used. */
export function labHome(home: string): string {
  const folder = join(home, 'lab');
  ensureHome(home);
  ensureFolder(folder, 0o755);
  return folder;
}

/** A template is good as long as what it was made from is the same. */
export function templatePath(
  home: string,
  name: string,
  inputs: readonly (string | Buffer)[],
): { path: string; ready: boolean } {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(input).update('\0');
  const path = join(home, 'templates', `${name}-${hash.digest('hex').slice(0, 12)}`);
  return { path, ready: existsSync(path) };
}
