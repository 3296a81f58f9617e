import type { ScriptText } from './bundle.js';
import { sha256 } from './digest.js';

/** The shared modules through which an elevated session runs a phase as the interactive user. */
export const USER_SESSION_MODULES = ['native', 'task-scheduler', 'user-session'] as const;

/** The one file of them that runs as the user. */
const USER_SIDE = '_modules/user-session/user-side.ps1';

/** Files that only the elevated side may see run. */
export function isElevatedOnly(path: string): boolean {
  return (
    path.startsWith('_modules/task-scheduler/') || (path.startsWith('_modules/user-session/') && path !== USER_SIDE)
  );
}

/** Files that the elevated side runs. */
export function runsElevated(path: string): boolean {
  return isElevatedOnly(path) || path.startsWith('_modules/native/');
}

/** The modules of a phase that runs in the session itself: without the elevated helper scripts. */
export function withoutUserSession(modules: readonly ScriptText[]): readonly ScriptText[] {
  return modules.filter(({ name }) => !isElevatedOnly(name) && name !== USER_SIDE);
}

/** The constant text that starts the user session from the elevated side; everything of the job is a bound value. */
const TEXT = `<#
.SYNOPSIS
Runs a phase as the interactive user.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Call)
Invoke-UserPhase -Call $Call
`;
export const START_USER_SESSION: ScriptText = { name: 'user-session', text: TEXT, sha256: sha256(TEXT) };
