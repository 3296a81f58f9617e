import { moduleScripts, phaseScript, PHASE_FILES } from '../../domain/bundle.js';
import type { ListedCommand } from '../../domain/listed-command.js';
import type { Phase, RunbookBundle } from '../../domain/manifest.js';
import type { PowerShellHost, ScriptToCheck } from '../../ports/powershell-host.js';

/** What some runbooks call on their targets. */
export interface TargetCommands {
  /** The runbooks that have a phase there, by id. */
  readonly runbooks: readonly string[];
  /** Those that have none. */
  readonly without: readonly string[];
  /** What their phases, their modules and the engine call there: each once, by name. Empty where no runbook has such a phase. */
  readonly commands: readonly ListedCommand[];
}

const PHASES = Object.keys(PHASE_FILES) as Phase[];

/** Finds by the gate's own walk which commands of its lists the phases on a target call, with every module that is loaded for them. */
export async function targetCommands(
  host: Pick<PowerShellHost, 'checkScripts' | 'sessionCommands'>,
  bundles: readonly RunbookBundle[],
): Promise<TargetCommands> {
  const scripts = bundles.map((bundle) => ({ id: bundle.manifest.id, there: scriptsOnTarget(bundle) }));
  const [runbooks, without] = [true, false].map((wanted) =>
    scripts
      .filter(({ there }) => there.length > 0 === wanted)
      .map(({ id }) => id)
      .sort(),
  ) as [string[], string[]];
  if (runbooks.length === 0) return { runbooks, without, commands: [] };
  const checked = await host.checkScripts(scripts.flatMap(({ there }) => there));
  const called = [...checked.flatMap(({ commands }) => commands), ...(await host.sessionCommands())];
  const byName = new Map(called.map((command) => [command.name, command]));
  return { runbooks, without, commands: [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** The texts that a session on a target is given; none where the runbook runs no phase there. */
function scriptsOnTarget(bundle: RunbookBundle): readonly ScriptToCheck[] {
  const phases = PHASES.filter((phase) => bundle.manifest.runsOn.phases[phase] === 'target').flatMap((role) => {
    const script = phaseScript(bundle, role);
    return script ? [toCheck(script, role)] : [];
  });
  return phases.length === 0 ? [] : [...moduleScripts(bundle).map((script) => toCheck(script, 'module')), ...phases];
}

/** What a runbook's own functions are called is of no interest here: none of them has the name of a command. */
const toCheck = (
  { name, text }: { readonly name: string; readonly text: string },
  role: ScriptToCheck['role'],
): ScriptToCheck => ({ file: name, text, role, functions: [], mayRunOn51: true });
