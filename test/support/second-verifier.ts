import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** That of Debian: one by way of a version manager takes ten times the processor time to start. */
export const PYTHON = '/usr/bin/python3';

export interface SecondVerdict {
  readonly ok: boolean;
  readonly events: number;
  readonly head: string;
  readonly covered: number;
  readonly problems: readonly { readonly seq: number; readonly reason: string }[];
  readonly missing: readonly string[];
}

/** What the program in Python says of an exported log, which shares no code with the product. @throws Error where it has no verdict */
export function verifyInPython(
  file: string,
  keys: string,
  ...more: readonly string[]
): { readonly code: number | null; readonly verdict: SecondVerdict } {
  const ran = spawnSync(PYTHON, [join(INSTALL_ROOT, 'tools/verify_audit.py'), file, keys, ...more], {
    encoding: 'utf8',
  });
  if (ran.stdout === '') throw new Error(ran.stderr);
  return { code: ran.status, verdict: JSON.parse(ran.stdout) as SecondVerdict };
}
