import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE } from './hosts.js';

/** Modules of PowerShell that Windows alone has: a session that has a list of visible commands imports each of them. */
const OF_WINDOWS = ['Microsoft.PowerShell.Diagnostics', 'Microsoft.WSMan.Management'];

/** The bundled PowerShell with empty modules in place of those that Windows alone has. */
export function aPowerShellOfWindows(): { readonly path: string; readonly remove: () => void } {
  const directory = mkdtempSync('/tmp/fxj-');
  const home = join(directory, 'powershell');
  execFileSync('cp', ['-a', join(ENGINE, 'linux-x64'), home]);
  for (const name of OF_WINDOWS) {
    mkdirSync(join(home, 'Modules', name));
    writeFileSync(join(home, 'Modules', name, `${name}.psd1`), "@{ ModuleVersion = '7.0.0.0' }\n");
  }
  return { path: join(home, 'fixpoint-pwsh'), remove: () => rmSync(directory, { recursive: true }) };
}

/** A folder for PSModulePath that holds one role capability, as docs/guides/jea.md lays it out. */
export function roleModule(directory: string, name: string, text: string): string {
  const folder = join(directory, 'modules', name, 'RoleCapabilities');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.psrc`), text);
  return join(directory, 'modules');
}
