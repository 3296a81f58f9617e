import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, whether this file runs from src or from dist. */
export const INSTALL_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder ? folder : findRoot(dirname(folder));
}

/** The path that a setting names, from a folder and not from the working directory; undefined where it names none. */
export function pathFrom(folder: string, setting: string | undefined): string | undefined {
  const text = setting?.trim() ?? '';
  return text === ''
    ? undefined
    : resolve(
        folder,
        text.replace(/^~(?=\/)/, () => homedir()),
      );
}

/** FIXPOINT_HOME, or `.fixpoint` in the installation: where keys, people and the embedded database live. */
export function homeDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return pathFrom(INSTALL_ROOT, env.FIXPOINT_HOME) ?? join(INSTALL_ROOT, '.fixpoint');
}
