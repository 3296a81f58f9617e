import type { PowerShellHost, ScriptToCheck } from '../../src/ports/powershell-host.js';

export const PHASE_HEAD = '<#\n.SYNOPSIS\nx\n#>\n[CmdletBinding()]\n';
const PARAMS = {
  detect: 'param($Parameters)',
  plan: 'param($Parameters, $State)',
  apply: 'param($Parameters, $Change)',
  verify: 'param($Parameters, $State)',
  rollback: 'param($Parameters, $Change)',
  module: '',
} as const;

/** The rules that a phase with this body breaks; a module is the body alone. */
export async function brokenRules(
  host: Pick<PowerShellHost, 'checkScripts'>,
  body: string,
  role: ScriptToCheck['role'] = 'detect',
  more: Partial<ScriptToCheck> = {},
): Promise<string[]> {
  const text = role === 'module' ? body : `${PHASE_HEAD}${PARAMS[role]}\n${body}`;
  const [checked] = await host.checkScripts([{ file: 'x.ps1', text, role, functions: [], mayRunOn51: true, ...more }]);
  return (checked?.findings ?? []).filter(({ severity }) => severity === 'error').map(({ rule }) => rule);
}
