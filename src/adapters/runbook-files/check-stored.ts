import type { RunbookBundle } from '../../domain/manifest.js';
import type { PowerShellHost } from '../../ports/powershell-host.js';
import type { LoadProblem, StoredChecker } from '../../ports/runbook-catalogue.js';
import { gateProblems } from './gate.js';
import { problem, readWritten } from './written.js';

/** Judges stored files as the loader judges a folder: manifest, conventions, cases and the gate over every script. */
export function createStoredChecker(host: Pick<PowerShellHost, 'checkScripts'>): StoredChecker {
  return { check: (bundle) => check(bundle, host) };
}

async function check(
  { files, manifest }: RunbookBundle,
  host: Pick<PowerShellHost, 'checkScripts'>,
): Promise<readonly LoadProblem[]> {
  const { id, modules, runsOn } = manifest;
  const own = files.filter(({ path }) => path.startsWith(`${id}/`));
  const written = readWritten(id, own);
  const named = (path: string) => modules.some((module) => path.startsWith(`_modules/${module}/`));
  const foreign = files
    .filter((file) => !own.includes(file) && !named(file.path))
    .map(({ path }) => problem(path, 'foreign-file', 'belongs neither to the runbook nor to a module that it names'));
  const missing = modules
    .filter((module) => !files.some(({ path }) => path.startsWith(`_modules/${module}/`)))
    .map((module) =>
      problem(`${id}/runbook.yaml`, 'modules', `names the module ${module}, which is not among the files`),
    );
  const gated = { id, runsOn, files, complete: true, others: [] };
  return [...written.problems, ...foreign, ...missing, ...(await gateProblems(gated, host, written.read?.codes))];
}
