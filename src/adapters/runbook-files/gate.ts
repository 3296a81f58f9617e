import type { RunbookBundle } from '../../domain/manifest.js';
import type { PowerShellHost, ScriptToCheck } from '../../ports/powershell-host.js';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';

const ROLES = {
  'Detect.ps1': 'detect',
  'Plan.ps1': 'plan',
  'Apply.ps1': 'apply',
  'Verify.ps1': 'verify',
  'Rollback.ps1': 'rollback',
} as const;

/** PowerShell's own parser against the closed lists: modules first, so that phases may call the functions they define. */
export async function gateProblems(
  { manifest, files }: RunbookBundle,
  host: Pick<PowerShellHost, 'checkScripts'>,
): Promise<readonly LoadProblem[]> {
  const onWindows = manifest.runsOn.kinds.some((kind) => kind !== 'domain' && kind !== 'tenant');
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
    const name = path.startsWith(`${manifest.id}/`) ? path.slice(manifest.id.length + 1) : '';
    if (!(name in ROLES)) return [];
    const role = ROLES[name as keyof typeof ROLES];
    const onTarget = manifest.runsOn.phases[role] === 'target';
    return [{ file: path, text, role, functions: role === 'plan' ? [] : functions, mayRunOn51: onWindows && onTarget }];
  });
  for (const { findings } of phases.length > 0 ? await host.checkScripts(phases) : []) problems.push(...findings);
  return problems;
}
