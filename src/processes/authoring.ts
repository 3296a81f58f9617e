import { randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fail, ok, type Result } from '../domain/result.js';
import {
  createValueChecker,
  isRunbookFolder,
  ManifestSchema,
  newRunbook,
  sharedModules,
  type NewRunbookFailure,
} from '../adapters/runbook-files/index.js';
import { createSandboxes } from '../adapters/sandbox/index.js';
import type { PowerShellHost } from '../ports/powershell-host.js';
import type { LoadedFolder } from '../ports/runbook-catalogue.js';
import type { Observation } from '../usecases/phases/observe.js';
import type { Rehearsed } from '../usecases/author/rehearsal.js';
import { targetCommands } from '../usecases/author/target-commands.js';
import { tryRunbook, type TryFailure } from '../usecases/author/try-runbook.js';
import { testRunbook, type SandboxContext, type Tested, type Verdict } from '../usecases/author/test-runbook.js';
import { composeCredentials, composeGate, composeRunbooks, type Settings } from './compose.js';
import type { Config } from './config.js';

/** Runs some work of an author with an engine of its own, which ends with the work. */
export async function withEngine<T>(config: Config, work: (host: PowerShellHost) => Promise<T>): Promise<T> {
  const host = composeGate(config);
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}

/**
 * Loads what an author names, as the product loads it: with the modules and the names of this installation's own folders. A path is the
 * folder of one runbook or a folder that holds some; no path means every runbook of the installation.
 */
export function loadNamed(
  config: Config,
  host: Pick<PowerShellHost, 'checkScripts'>,
  paths: readonly string[],
): Promise<readonly LoadedFolder[]> {
  const named = paths.map((path) => {
    const folder = realpathSync(path);
    return { folder, directory: isRunbookFolder(folder) ? dirname(folder) : folder };
  });
  // The installation's own come first, as they do where the product is started with the author's folder too.
  const directories = [...config.runbookDirectories, ...named.map(({ directory }) => directory)];
  const wanted = (folder: string) =>
    named.length === 0 ||
    named.some((one) => [folder, dirname(folder)].some((each) => one.folder === realpathSync(each)));
  return composeRunbooks(directories, host).load(wanted);
}

/** Runs the cases of a runbook; returns what they do not cover. */
export function testLoaded(
  host: PowerShellHost,
  tested: Tested,
  say: (verdict: Verdict) => void,
): Promise<readonly string[]> {
  const context: SandboxContext = {
    host,
    values: createValueChecker(),
    newId: () => randomUUID(),
    sandboxes: createSandboxes(),
  };
  return testRunbook(context, tested, say);
}

/** Writes a new runbook; its name must not be one that the installation's folders have. */
export async function createRunbook(
  { runbookDirectories }: Config,
  folder: string,
): Promise<Result<{ readonly id: string }, NewRunbookFailure>> {
  const path = resolve(folder);
  const others = runbookDirectories.filter((directory) => directory !== dirname(path));
  const taken = others.filter((directory) => existsSync(join(directory, basename(path))));
  return newRunbook(path, taken.length > 0 ? [basename(path)] : []);
}

/** The JSON Schema of a manifest, for editors: the one that the loader uses. */
export const manifestSchema: object = ManifestSchema;

/** What Detect and Plan said on a target. */
export type Tried = Observation;

/**
 * Runs Detect and Plan on a target with the credentials of this installation; nothing is stored.
 * @param say gets each line that a phase writes
 */
export function tryLoaded(
  { config }: Settings,
  host: PowerShellHost,
  rehearsed: Rehearsed,
  say: (line: string) => void,
): Promise<Result<Tried, TryFailure>> {
  const values = createValueChecker();
  const credentials = composeCredentials(config);
  const { allowLocal } = config;
  const context = { host, values, credentials, newId: () => randomUUID(), settings: { allowLocal } };
  return tryRunbook(context, rehearsed, (phase, { stream, text }) => say(`${phase}, ${stream}: ${text}`));
}

/** What the gate lets each phase use, and the shared modules of this installation with their functions. */
export async function allowedNames({ runbookDirectories }: Config, host: PowerShellHost) {
  return { phases: await host.gateLists(), modules: await sharedModules(runbookDirectories, host) };
}

/** What runbooks call on their targets, by the gate of this installation's engine. */
export const commandsOnTargets = targetCommands;

/**
 * The folders that an author names, each by its path or by the id of a runbook of this installation.
 * @returns the first name that is neither, where there is one
 */
export function foldersOf({ runbookDirectories }: Config, names: readonly string[]): Result<readonly string[], string> {
  const folders: string[] = [];
  for (const name of names) {
    const places = [name, ...(/^[a-z0-9-]+$/.test(name) ? runbookDirectories.map((each) => join(each, name)) : [])];
    const folder = places.find((place) => existsSync(place));
    if (folder === undefined) return fail(name);
    folders.push(folder);
  }
  return ok(folders);
}

export type { TryFailure, Verdict };
