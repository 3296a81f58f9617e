import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What the folders look like from outside: names, sizes and times. Cheap enough to ask every few seconds. */
export async function folderSignature(directories: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const directory of directories) {
    const names = await readdir(directory, { recursive: true }).catch(() => []);
    for (const name of names.sort()) {
      const found = await stat(join(directory, name)).catch(() => undefined);
      lines.push(`${directory}/${name} ${found?.mtimeMs ?? 0} ${found?.size ?? 0}`);
    }
  }
  return lines.join('\n');
}
