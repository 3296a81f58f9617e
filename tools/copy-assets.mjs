// What the compiled program reads beside itself and a compiler does not copy.
import { cpSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './setup.mjs';

/** Copies every file of src and workers that is no code and no text for people to a folder. */
export function copyAssets(out) {
  for (const folder of ['src', 'workers']) {
    for (const name of readdirSync(join(CHECKOUT, folder), { recursive: true })) {
      const path = join(folder, name);
      if (/\.(ts|md)$/.test(name) || !statSync(join(CHECKOUT, path)).isFile()) continue;
      cpSync(join(CHECKOUT, path), join(out, path));
    }
  }
}
