import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

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

/** Oldest PowerShell that can serve as the engine. */
const OLDEST = { major: 7, minor: 6 };
/** A first start may take long on a busy machine. */
const ASK_MS = 60_000;
const QUESTION = '"$($PSVersionTable.PSEdition) $($PSVersionTable.PSVersion)"';

/**
 * Which engine to use: `FIXPOINT_PWSH`, else a `pwsh` of version 7.6 or later on PATH, else the bundled PowerShell.
 * @throws EngineMissing when none is there, or when the program that `FIXPOINT_PWSH` names is not PowerShell 7.6 or later.
 */
export async function findEngine(env: NodeJS.ProcessEnv, engineDirectory: string): Promise<Engine> {
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
    const problem = problemOf(await ask(named));
    if (problem !== undefined) {
      throw new EngineMissing(
        `FIXPOINT_PWSH must name PowerShell ${OLDEST.major}.${OLDEST.minor} or later; ${named} ${problem}. Correct the setting, or remove it to use the bundled engine.`,
      );
    }
    return { executable: named, assembly, source: 'installed' };
  }
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, 'pwsh');
    if (!isAbsolute(folder) || !existsSync(candidate)) continue;
    if (problemOf(await ask(candidate)) === undefined) return { executable: candidate, assembly, source: 'installed' };
  }
  return { executable: join(bundled, 'fixpoint-pwsh'), assembly, source: 'bundled' };
}

type Said = { readonly text: string } | { readonly failure: string };

/** Asks a program for its edition and version, as PowerShell gives them. */
async function ask(executable: string): Promise<Said> {
  try {
    const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', QUESTION];
    const { stdout } = await promisify(execFile)(executable, args, {
      timeout: ASK_MS,
      env: { ...process.env, POWERSHELL_TELEMETRY_OPTOUT: '1', POWERSHELL_UPDATECHECK: 'Off' },
    });
    return { text: stdout.trim() };
  } catch (error) {
    const { code, killed } = error as { readonly code?: string | number | null; readonly killed?: boolean };
    return {
      failure: killed ? `did not answer within ${ASK_MS / 1000} s` : `could not be run (${code ?? 'no status'})`,
    };
  }
}

/** Why what answered cannot be the engine; undefined where it can. */
function problemOf(said: Said): string | undefined {
  if ('failure' in said) return said.failure;
  const answer = /^(Core|Desktop) (\d+)\.(\d+)\S*$/.exec(said.text);
  if (!answer) return 'is not PowerShell';
  const [, edition, major, minor] = answer;
  const recent = Number(major) > OLDEST.major || (Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor);
  return edition === 'Core' && recent ? undefined : `is PowerShell ${said.text.slice(said.text.indexOf(' ') + 1)}`;
}
