import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PathFacts, Purpose } from '../domain/production.js';

/** A file or a folder with a meaning; it need not be there. */
export type NamedPath = Pick<PathFacts, 'setting' | 'path' | 'purpose'>;

const ABOVE: Readonly<Partial<Record<Purpose, Purpose>>> = { secret: 'above', own: 'above', trusted: 'above-trusted' };

/** The paths and every folder above each of them, once. Who may write into such a folder may put another file in its place. */
export function withFoldersAbove(named: readonly NamedPath[]): readonly NamedPath[] {
  const found = new Map<string, NamedPath>();
  const add = (one: NamedPath) => {
    const key = `${one.purpose} ${one.path}`;
    if (!found.has(key)) found.set(key, one);
  };
  for (const one of named) {
    add(one);
    const purpose = ABOVE[one.purpose];
    if (purpose === undefined) continue;
    // A link is replaced where it is, and its file where that is.
    for (const path of new Set([one.path, realPath(one.path)]))
      for (let folder = dirname(path); ; folder = dirname(folder)) {
        add({ setting: one.setting, path: folder, purpose });
        if (folder === dirname(folder)) break;
      }
  }
  return [...found.values()];
}

/** What the system says of a path; nothing where it is not there or this process may not look. */
export function pathFacts(env: NodeJS.ProcessEnv): (named: NamedPath) => readonly PathFacts[] {
  // The folder in which systemd keeps the credentials of one service.
  const credentials = env.CREDENTIALS_DIRECTORY;
  return (named) => {
    const found = look(named.path);
    if (found === undefined) return [];
    const isCredential = credentials !== undefined && named.path.startsWith(join(credentials, '/')) && found.uid === 0;
    return [
      {
        ...named,
        mode: found.mode & 0o7777,
        mayRead: may(named.path, constants.R_OK),
        // An owner may give itself the right.
        mayWrite: may(named.path, constants.W_OK) || (found.uid !== 0 && found.uid === process.getuid?.()),
        ...(isCredential ? { isCredential } : {}),
      },
    ];
  };
}

/** User number of the owner; undefined where the file is not there. */
export const ownerOf = (path: string): number | undefined => look(path)?.uid;

function look(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
