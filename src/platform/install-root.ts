import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, whether this file runs from src or from dist. */
export const INSTALL_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder ? folder : findRoot(dirname(folder));
}

/** FIXPOINT_HOME, or `.fixpoint` in the installation: where keys, people and the embedded database live. */
export function homeDirectory(): string {
  return process.env.FIXPOINT_HOME ?? join(INSTALL_ROOT, '.fixpoint');
}
