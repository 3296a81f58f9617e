import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder of a shared module for a runbook in `directory`. A name belongs to the first directory that has it: another module of that
 * name in a later one is refused, so that the order of folders never decides what a runbook runs.
 */
export function moduleFolder(
  name: string,
  directory: string,
  directories: readonly string[],
): { readonly folder?: string; readonly problem?: string } {
  const homes = directories.filter((each) => existsSync(join(each, '_modules', name)));
  const [first] = homes;
  if (first === undefined) return { problem: `names the module ${name}, which is in no _modules folder` };
  if (homes.length > 1 && first !== directory) {
    const places = homes.map((home) => join(home, '_modules', name)).join(' and ');
    return { problem: `names the module ${name}, of which there are ${homes.length}: ${places}; rename one` };
  }
  return { folder: join(first, '_modules', name) };
}
