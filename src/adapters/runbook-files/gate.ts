import { PHASE_FILES } from '../../domain/bundle.js';
import { phaseCode, type OwnCodes } from '../../domain/codes/lookup.js';
import type { Manifest, Phase, RunbookBundle } from '../../domain/manifest.js';
import type { PowerShellHost, ScriptToCheck } from '../../ports/powershell-host.js';
import type { LoadProblem } from '../../ports/runbook-catalogue.js';

const ROLES = Object.entries(PHASE_FILES) as [Phase, string][];

/** What the gate needs to know of a folder; `runsOn` is absent where the manifest does not say. */
export interface GatedFolder {
  readonly id: string;
  readonly runsOn: Manifest['runsOn'] | undefined;
  readonly files: RunbookBundle['files'];
  /** Whether every module that is named is there: without them nobody knows which functions a phase may call. */
  readonly complete: boolean;
  /** Further functions that a phase may call. */
  readonly others: readonly string[];
}

/**
 * PowerShell's own parser against the closed lists: modules first, so that phases may call the functions they define.
 * @param codes those that the manifest declares; undefined where nobody can say
 */
export async function gateProblems(
  { id, runsOn, files, complete, others }: GatedFolder,
  host: Pick<PowerShellHost, 'checkScripts'>,
  codes: { readonly own: OwnCodes } | undefined,
): Promise<readonly LoadProblem[]> {
  const onWindows = (runsOn?.kinds ?? []).some((kind) => kind !== 'domain' && kind !== 'tenant');
  // A target that is reached over WinRM may have Windows PowerShell 5.1 alone. Whatever runs there comes with the modules.
  const onTargets = onWindows && Object.values(runsOn?.phases ?? {}).includes('target');
  const modules = files
    .filter(({ path }) => path.startsWith('_modules/') && path.endsWith('.ps1'))
    .map(({ path, text }): ScriptToCheck => ({
      file: path,
      text,
      role: 'module',
      functions: [],
      mayRunOn51: onTargets,
    }));
  // A module may call what an earlier one of the list defines.
  const functions: string[] = [...others];
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
  for (const checked of phases.length > 0 ? await host.checkScripts(phases) : [])
    problems.push(...checked.findings, ...undeclared(checked, codes));
  return complete ? problems : problems.filter(({ rule }) => rule !== 'command');
}

/** What a code looks like; any other text that a script throws is words for a person. */
const LIKE_A_CODE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

type Checked = Awaited<ReturnType<PowerShellHost['checkScripts']>>[number];

/**
 * Codes that a phase throws and nobody declared: a job would end with `script-error` in their place. A shared module is not judged: its
 * callers may never reach what it throws.
 */
function undeclared(checked: Checked, codes: { readonly own: OwnCodes } | undefined): readonly LoadProblem[] {
  if (!codes) return [];
  return checked.thrown
    .filter(({ text }) => LIKE_A_CODE.test(text) && phaseCode(text, codes.own).class === undefined)
    .map(({ line, text }) => ({
      file: checked.file,
      line,
      rule: 'code',
      severity: 'error',
      message: `throws ${text}, which is neither a code that a phase may throw nor one of codes in runbook.yaml`,
    }));
}
