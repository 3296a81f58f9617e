import { existsSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleDigest, PHASE_FILES } from '../../domain/bundle.js';
import type { PowerShellHost } from '../../ports/powershell-host.js';
import type { LoadedFolder, LoadProblem, RunbookFolders } from '../../ports/runbook-catalogue.js';
import { folderSignature } from './folder-signature.js';
import { gateProblems } from './gate.js';
import { isLeftByTools } from './left-by-tools.js';
import { moduleFolder, sharedModules } from './modules.js';
import { readFolder } from './read-folder.js';
import { problem, readWritten } from './written.js';

export interface RunbookFoldersOptions {
  /** Each holds `<id>/` folders and may hold `_modules/`. A name that is in two of them belongs to the first. */
  readonly directories: readonly string[];
  readonly host: Pick<PowerShellHost, 'checkScripts'>;
}

type Host = RunbookFoldersOptions['host'];

export function createRunbookFolders({ directories, host }: RunbookFoldersOptions): RunbookFolders {
  return {
    async load(wanted = () => true) {
      const folders: LoadedFolder[] = [];
      const homes = new Map<string, string>();
      const present = await presentDirectories(directories);
      for (const directory of present) {
        for (const entry of await readdir(directory, { withFileTypes: true })) {
          if (!entry.isDirectory() || entry.name.startsWith('_') || isLeftByTools(entry.name)) continue;
          const first = homes.get(entry.name);
          if (first === undefined) homes.set(entry.name, directory);
          if (!wanted(join(directory, entry.name))) continue;
          const folder = first
            ? duplicate(entry.name, directory, first)
            : await loadFolder(directory, entry.name, present, host);
          // One that was taken away meanwhile is not there, rather than broken.
          if (existsSync(join(directory, entry.name))) folders.push(folder);
        }
      }
      return folders.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    signature: () => folderSignature(directories),
  };
}

/** Whether a folder is one runbook, with or without its manifest, rather than a folder that holds some. */
export function isRunbookFolder(folder: string): boolean {
  return ['runbook.yaml', ...Object.values(PHASE_FILES)].some((name) => existsSync(join(folder, name)));
}

/** The directories that exist, each once, whatever links lead to it. */
async function presentDirectories(directories: readonly string[]): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const directory of directories) {
    const real = await realpath(directory).catch(() => undefined);
    if (real !== undefined && !found.has(real)) found.set(real, directory);
  }
  return [...found.values()];
}

function duplicate(id: string, directory: string, first: string): LoadedFolder {
  const message = `there is a runbook ${id} in ${first} too: the first folder keeps the name, rename this one`;
  return refused(id, directory, [problem(`${id}/runbook.yaml`, 'id', message)]);
}

/** Reads and checks one folder. Every mistake is in the answer at once: none hides another that can be seen without it. */
async function loadFolder(
  directory: string,
  id: string,
  directories: readonly string[],
  host: Host,
): Promise<LoadedFolder> {
  const { files, problems } = await readFolder(join(directory, id), id);
  const written = readWritten(id, files);
  problems.push(...written.problems);
  if (!written.read) return refused(id, directory, problems);
  const { read, cases } = written;
  const { members, manifest } = read;
  let complete = true;
  for (const module of members.modules ?? []) {
    const { folder, problem: why } = moduleFolder(module, directory, directories);
    if (why !== undefined)
      problems.push({ ...problem(`${id}/runbook.yaml`, 'modules', why), line: read.lineOf('/modules') });
    complete &&= folder !== undefined;
    if (folder === undefined) continue;
    const shared = await readFolder(folder, `_modules/${module}`);
    files.push(...shared.files);
    problems.push(...shared.problems);
  }
  // Without a list of modules a phase may call what any module of these folders defines.
  const others = members.modules ? [] : (await sharedModules(directories, host)).flatMap(({ functions }) => functions);
  const gated = { id, runsOn: members.runsOn, files, complete, others };
  problems.push(...(await gateProblems(gated, host, read.codes)));
  if (!manifest || problems.some(({ severity }) => severity === 'error')) return { id, directory, problems, ...cases };
  const draft = { manifest, files };
  return { id, directory, bundle: { ...draft, contentDigest: bundleDigest(draft) }, problems, ...cases };
}

function refused(id: string, directory: string, problems: readonly LoadProblem[]): LoadedFolder {
  return { id, directory, problems, cases: [], sandboxCases: [] };
}
