import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export interface Engine {
  /** Absolute path of the program that is started. */
  readonly executable: string;
  /** The host assembly that is loaded into it. */
  readonly assembly: string;
  readonly source: 'bundled' | 'installed';
}

export class EngineMissing extends Error {
  readonly code = 'engine-missing';
}

/**
 * Which engine to use: `FIXPOINT_PWSH`, else a `pwsh` of version 7.6 or later on PATH, else the bundled console.
 * @throws EngineMissing when none is there or the named one is too old.
 */
export function findEngine(env: NodeJS.ProcessEnv, engineDirectory: string): Engine {
  const bundled = join(engineDirectory, 'linux-x64');
  const assembly = join(bundled, 'Fixpoint.Engine.Host.dll');
  if (!existsSync(assembly)) {
    throw new EngineMissing(`The PowerShell engine is not built (${assembly} is missing). Run: npm run engine:build`);
  }
  const named = env.FIXPOINT_PWSH;
  if (named !== undefined && named !== '') {
    if (!isAbsolute(named) || !existsSync(named)) {
      throw new EngineMissing(`FIXPOINT_PWSH must be the absolute path of a pwsh; ${named} is not there.`);
    }
    return { executable: named, assembly, source: 'installed' };
  }
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, 'pwsh');
    if (isAbsolute(folder) && existsSync(candidate) && isRecent(candidate)) {
      return { executable: candidate, assembly, source: 'installed' };
    }
  }
  return { executable: join(bundled, 'fixpoint-pwsh'), assembly, source: 'bundled' };
}

function isRecent(executable: string): boolean {
  try {
    const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', '"$($PSVersionTable.PSVersion)"'];
    const said = execFileSync(executable, args, {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [major = 0, minor = 0] = said.trim().split('.').map(Number);
    return major > 7 || (major === 7 && minor >= 6);
  } catch {
    return false;
  }
}
