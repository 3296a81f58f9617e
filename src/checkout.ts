import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, whether this file runs from src or from dist. */
export const CHECKOUT = findCheckout(dirname(fileURLToPath(import.meta.url)));

function findCheckout(folder: string): string {
  return existsSync(join(folder, 'package.json')) || dirname(folder) === folder
    ? folder
    : findCheckout(dirname(folder));
}
