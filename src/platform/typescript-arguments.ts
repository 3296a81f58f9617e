import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTALL_ROOT } from './install-root.js';

/** Arguments of Node for a script of this installation: TypeScript needs a loader, found from here and not from the working directory. */
export function nodeArgumentsFor(script: string): readonly string[] {
  if (!script.endsWith('.ts')) return [];
  return ['--import', pathToFileURL(createRequire(join(INSTALL_ROOT, 'package.json')).resolve('tsx')).href];
}
