import { PHASE_FILES } from '../../domain/bundle.js';
import type { Manifest, Phase, RunbookBundle } from '../../domain/manifest.js';
import type { PowerShellHost, ScriptToCheck } from '../../ports/powershell-host.js';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';

const ROLES = Object.entries(PHASE_FILES) as [Phase, string][];

/** What the gate needs to know of a folder; `runsOn` is absent where the manifest does not say. */
export interface GatedFolder {
  readonly id: string;
  readonly runsOn: Manifest['runsOn'] | undefined;
  readonly files: RunbookBundle['files'];
  /** Whether every module is there: without them nobody knows which functions a phase may call. */
  readonly complete: boolean;
}

/** PowerShell's own parser against the closed lists: modules first, so that phases may call the functions they define. */
export async function gateProblems(
  { id, runsOn, files, complete }: GatedFolder,
  host: Pick<PowerShellHost, 'checkScripts'>,
): Promise<readonly LoadProblem[]> {
  const onWindows = (runsOn?.kinds ?? []).some((kind) => kind !== 'domain' && kind !== 'tenant');
  const modules = files
    .filter(({ path }) => path.startsWith('_modules/') && path.endsWith('.ps1'))
    .map(({ path, text }): ScriptToCheck => ({
      file: path,
      text,
      role: 'module',
      functions: [],
      mayRunOn51: onWindows,
    }));
  // A module may call what an earlier one of the list defines.
  const functions: string[] = [];
  const problems: LoadProblem[] = [];
  for (const module of modules) {
    const [checked] = await host.checkScripts([{ ...module, functions }]);
    functions.push(...(checked?.functions ?? []));
    problems.push(...(checked?.findings ?? []));
  }
  const phases = files.flatMap(({ path, text }): ScriptToCheck[] => {
    const [role] = ROLES.find(([, name]) => path === `${id}/${name}`) ?? [];
    if (!role) return [];
    const onTarget = runsOn?.phases[role] === 'target';
    return [{ file: path, text, role, functions: role === 'plan' ? [] : functions, mayRunOn51: onWindows && onTarget }];
  });
  for (const { findings } of phases.length > 0 ? await host.checkScripts(phases) : []) problems.push(...findings);
  return complete ? problems : problems.filter(({ rule }) => rule !== 'command');
}
