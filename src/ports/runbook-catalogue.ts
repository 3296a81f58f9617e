import type { Manifest, RunbookBundle } from '../domain/manifest.js';
import type { PlanCase } from '../domain/plan-case.js';
import type { SandboxCase } from '../domain/sandbox-case.js';
import type { PowerShellHost, ScriptFinding } from './powershell-host.js';

export type LoadProblem = Omit<ScriptFinding, 'column' | 'rule'> & { readonly column?: number; readonly rule: string };

export interface LoadedFolder {
  readonly id: string;
  /** The directory that holds the folder. */
  readonly directory: string;
  /** Present when there is no problem of severity `error`. */
  readonly bundle?: RunbookBundle;
  readonly problems: readonly LoadProblem[];
  /** `tests/plan.json` and `tests/sandbox.json`, as far as they are free of mistakes. */
  readonly cases: readonly PlanCase[];
  readonly sandboxCases: readonly SandboxCase[];
}

/** Reads the manifest among the files of a bundle; undefined where they hold none that this version accepts. */
export type ManifestReader = (files: RunbookBundle['files']) => Manifest | undefined;

/** Judges the files of a bundle by every rule of the loader. */
export interface StoredChecker {
  /** Every mistake, warnings too. */
  check(bundle: RunbookBundle): Promise<readonly LoadProblem[]>;
}

/** The same, by an engine at hand: once for each content and engine in a process. */
export interface StoredGate {
  /**
   * Every mistake, warnings too, from the first look on.
   * @param bundle its files were compared with its digest
   * @throws Error where the engine does not judge: it is asked again the next time
   */
  problems(
    bundle: RunbookBundle,
    host: Pick<PowerShellHost, 'checkScripts' | 'engineDigest'>,
  ): Promise<readonly LoadProblem[]>;
}

/** Reads `runbooks/<id>/` folders from disk, checks each against the schema, the conventions and the gate. */
export interface RunbookFolders {
  /** @param wanted by its path, which folders to read; all where it is absent */
  load(wanted?: (folder: string) => boolean): Promise<readonly LoadedFolder[]>;
  /** Changes when a file of the folders is added, changed or removed. Cheap enough to ask every few seconds. */
  signature(): Promise<string>;
}
