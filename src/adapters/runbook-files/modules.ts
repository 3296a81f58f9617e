import { existsSync, lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PowerShellHost } from '../../ports/powershell-host.js';
import { isLeftByTools } from './left-by-tools.js';
import { readFolder } from './read-folder.js';

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
  if (isLinked(first, name))
    return { problem: `names the module ${name}, which is a link: a module is a folder of plain files` };
  return { folder: join(first, '_modules', name) };
}

/** Whether a module, or the folder of modules, is a link: what it leads to may change, and is elsewhere. */
const isLinked = (directory: string, name: string): boolean =>
  [join(directory, '_modules'), join(directory, '_modules', name)].some(
    (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true,
  );

/** A shared module and the functions that it defines. */
export interface SharedModule {
  readonly name: string;
  readonly functions: readonly string[];
}

/**
 * The modules of the directories, by name; a name belongs to the first directory that has it. Nobody judges a module here: only the functions
 * count. The gate of each runbook judges the modules that it names, for where its phases run.
 */
export async function sharedModules(
  directories: readonly string[],
  host: Pick<PowerShellHost, 'checkScripts'>,
): Promise<readonly SharedModule[]> {
  const found = new Map<string, SharedModule>();
  for (const directory of directories) {
    for (const name of await readdir(join(directory, '_modules')).catch(() => [])) {
      if (found.has(name) || isLeftByTools(name) || isLinked(directory, name)) continue;
      const { files } = await readFolder(join(directory, '_modules', name), name);
      const scripts = files
        .filter(({ path }) => path.endsWith('.ps1'))
        .map(({ path, text }) => ({ file: path, text, role: 'module' as const, functions: [], mayRunOn51: false }));
      const checked = scripts.length > 0 ? await host.checkScripts(scripts) : [];
      found.set(name, { name, functions: checked.flatMap(({ functions }) => functions) });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
