import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftByTools } from './left-by-tools.js';

/** What the folders look like from outside: names, sizes and times. Cheap enough to ask every few seconds. */
export async function folderSignature(directories: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const directory of directories) {
    const names = await readdir(directory, { recursive: true }).catch(() => []);
    for (const name of names.filter((each) => !each.split('/').some(isLeftByTools)).sort()) {
      const found = await stat(join(directory, name)).catch(() => undefined);
      // A folder changes with any file in it, also with one that is left out here.
      const file = found?.isDirectory() === true ? undefined : found;
      lines.push(`${directory}/${name} ${file?.mtimeMs ?? 0} ${file?.size ?? 0}`);
    }
  }
  return lines.join('\n');
}
