import { AUTHORITY } from './authority.js';
import { COMMAND_LINE } from './command-line.js';
import { DOCTOR } from './doctor.js';
import type { CodeClass, CodeEntry, CodeWords, PhaseCodeClass } from './entry.js';
import { INVENTORY } from './inventory.js';
import { JOB } from './job.js';
import { KERBEROS } from './kerberos.js';
import { KEYS } from './keys.js';
import { OWN_KEYS } from './own-keys.js';
import { POSTPONED } from './postponed.js';
import { PROTOCOL } from './protocol.js';
import { REFUSED_COMPUTER } from './refused-computer.js';
import { REFUSED_DIRECTORY } from './refused-directory.js';
import { REFUSED } from './refused.js';
import { REQUEST } from './request.js';
import { ROLLOUTS } from './rollouts.js';
import { SCANS } from './scans.js';
import { RESTORE } from './restore.js';
import { SCHEDULE } from './schedule.js';
import { SESSION } from './session.js';

export type { CodeClass, CodeEntry, CodeWords, PhaseCodeClass };

/**
 * Every stable code of the product with its class, its words and the next step. The only table of codes: the API, the command line,
 * `fixpoint doctor` and docs/reference/codes.md read it. A runbook may add codes of its own in its manifest.
 */
export const CODES = {
  ...REFUSED,
  ...REFUSED_DIRECTORY,
  ...KERBEROS,
  ...REFUSED_COMPUTER,
  ...POSTPONED,
  ...JOB,
  ...SESSION,
  ...AUTHORITY,
  ...KEYS,
  ...OWN_KEYS,
  ...REQUEST,
  ...INVENTORY,
  ...SCHEDULE,
  ...PROTOCOL,
  ...COMMAND_LINE,
  ...ROLLOUTS,
  ...SCANS,
  ...RESTORE,
  ...DOCTOR,
} as const satisfies Readonly<Record<string, CodeEntry>>;

/** A code of the product's own table. */
export type Code = keyof typeof CODES;

/** Whether a text, such as one that a script threw, is a code of the table. */
export function isCode(text: string): text is Code {
  return Object.hasOwn(CODES, text);
}

const PHASE_CLASSES: readonly CodeClass[] = ['refused', 'deferred', 'failed', 'waiting'] satisfies PhaseCodeClass[];

/** Whether a phase of a runbook may throw codes of this class. */
export function isPhaseClass(of: CodeClass): of is PhaseCodeClass {
  return PHASE_CLASSES.includes(of);
}
