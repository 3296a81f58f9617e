import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from './install-root.js';

/** The version of this installation, from its package.json. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(INSTALL_ROOT, 'package.json'), 'utf8')) as { readonly version: string }).version;
}
