import type { Value, ValueObject } from '../../domain/canonical.js';
import type { Code } from '../../domain/codes/index.js';
import { phaseCode, type OwnCodes } from '../../domain/codes/lookup.js';
import { sha256 } from '../../domain/digest.js';
import type { Phase, RunbookBundle } from '../../domain/manifest.js';
import type { Target } from '../../domain/target.js';
import {
  isElevatedOnly,
  runsElevated,
  START_USER_SESSION,
  USER_SESSION_MODULES,
} from '../../domain/user-session-modules.js';
import { durationMs } from '../../domain/time.js';
import type { PhaseFailure, PhaseRun, PhaseScript } from '../../ports/powershell-host.js';

/**
 * How a phase comes to run as the interactive user. `direct`: the session is the user's own. `task`: the session is elevated, and the
 * module `user-session` runs the phase through a scheduled task with that user's token.
 */
export type UserSession = 'direct' | 'task';

/** The target's own setting decides, never a value of a requester. */
export function userSessionOf(target: Pick<Target, 'settings'>): UserSession {
  return target.settings.userSession === 'task' ? 'task' : 'direct';
}

/** Whether this phase runs through the module `user-session` on such a target. */
export function needsUserSession(
  { manifest }: Pick<RunbookBundle, 'manifest'>,
  phase: Phase,
  userSession: UserSession,
): boolean {
  const { runAs, phases } = manifest.runsOn;
  return userSession === 'task' && runAs === 'target-user' && phases[phase] === 'target';
}

/** The elevated side needs time of its own around the user's: folder, task, result. */
const OWN_TIME_MS = 10_000;

/** The run of a phase as the signed-in user, or why it cannot be one. */
export function userSessionRun(
  { manifest }: Pick<RunbookBundle, 'manifest'>,
  { job, newId }: { readonly job: string; readonly newId: () => string },
  phase: Phase,
  script: PhaseScript,
  modules: readonly PhaseScript[],
  values: Readonly<Record<string, Value>>,
): { readonly ok: true; readonly value: PhaseRun } | { readonly ok: false; readonly error: PhaseFailure } {
  const missing = USER_SESSION_MODULES.filter((module) => !manifest.modules.includes(module));
  if (missing.length > 0)
    return refused('module-missing', `this runbook has no module ${missing.join(', ')}: phases cannot run as the user`);
  const { userSid } = values.Parameters as ValueObject;
  if (typeof userSid !== 'string') return refused('invalid-value', 'this job names no user by userSid');
  const timeoutMs = durationMs(manifest.timeouts[phase]);
  const text = ({ text: of, sha256: digest }: PhaseScript) => ({ text: of, sha256: digest });
  const Call: ValueObject = {
    jobId: job.replaceAll('-', ''),
    userSid,
    // Nobody else can know it before the folder that it names is there.
    nonce: sha256(`${newId()}${newId()}`).slice(0, 32),
    waitSeconds: Math.max(5, Math.ceil((timeoutMs - OWN_TIME_MS) / 1000)),
    phase: text(script),
    modules: modules.filter(({ name }) => !isElevatedOnly(name)).map(text),
    values,
  };
  const elevated = modules.filter(({ name }) => runsElevated(name));
  return { ok: true, value: { script: START_USER_SESSION, modules: elevated, parameters: { Call }, timeoutMs } };
}

/**
 * Classifies a failure of the user session. A missing or malformed result says nothing about what the phase did: the outcome of a
 * change is then unknown, never failed.
 */
export function judgeUserSession(failure: PhaseFailure, own: OwnCodes): PhaseFailure {
  if (failure.kind !== 'reported') return failure;
  const { code, error } = failure;
  if (code === 'result-lost') return { kind: 'link-lost', detail: "the user's session gave no result" };
  if (code === 'malformed-output') return { kind: 'malformed-output', detail: `as the user: ${error.message}` };
  // The user's side may say what a phase may say, not what the worker finds out by itself.
  return { ...failure, code: phaseCode(code, own).code };
}

function refused(code: Code, message: string): { readonly ok: false; readonly error: PhaseFailure } {
  const error = {
    fullyQualifiedErrorId: code,
    category: 'NotSpecified',
    message,
    exceptionType: '',
    hresult: 0,
    scriptStackTrace: '',
  };
  return { ok: false, error: { kind: 'reported', code, error } };
}
