import type { RunbookBundle } from '../../domain/manifest.js';
import type { LoadedFolder, LoadProblem } from '../../ports/runbook-catalogue.js';
import { conventionProblems } from './conventions.js';
import { CASES_FILE, readCases, readSandboxCases, SANDBOX_FILE } from './read-cases.js';
import { readManifest } from './read-manifest.js';

/** What the files of a runbook say, besides its scripts. */
export interface Written {
  /** Absent where there is no manifest. */
  readonly read?: ReturnType<typeof readManifest>;
  readonly cases: Pick<LoadedFolder, 'cases' | 'sandboxCases'>;
  readonly problems: readonly LoadProblem[];
}

/** Reads manifest and cases among the own files of a runbook. Every mistake is in the answer at once. */
export function readWritten(id: string, files: RunbookBundle['files']): Written {
  const yaml = files.find(({ path }) => path === `${id}/runbook.yaml`);
  if (!yaml) {
    const missing = problem(`${id}/runbook.yaml`, 'manifest', 'is missing');
    return { cases: { cases: [], sandboxCases: [] }, problems: [missing] };
  }
  const read = readManifest(yaml.path, yaml.text);
  const { members } = read;
  const textOf = (name: string) => files.find(({ path }) => path === `${id}/${name}`)?.text;
  const none = { cases: [], problems: [] };
  const [plan, sandbox] = [textOf(CASES_FILE), textOf(SANDBOX_FILE)];
  const planCases = plan === undefined ? none : readCases(`${id}/${CASES_FILE}`, plan, members);
  const inSandbox = sandbox === undefined ? none : readSandboxCases(`${id}/${SANDBOX_FILE}`, sandbox, members);
  return {
    read,
    cases: { cases: planCases.cases, sandboxCases: inSandbox.cases },
    problems: [...read.problems, ...conventionProblems(id, read, files), ...planCases.problems, ...inSandbox.problems],
  };
}

export function problem(file: string, rule: string, message: string): LoadProblem {
  return { file, line: 1, rule, severity: 'error', message };
}
