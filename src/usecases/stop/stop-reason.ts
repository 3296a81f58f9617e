import { phaseCode, type JobCode, type OwnCodes } from '../../domain/codes/lookup.js';
import type { PhaseFailure } from '../../ports/powershell-host.js';
import type { OpenRunspaceFailure } from '../phases/run-phase.js';

/** Why a job stops before anything was done: for good (`blocked`) or until later (`deferred`). */
export interface Stop {
  readonly kind: 'blocked' | 'deferred' | 'abandoned';
  readonly code: JobCode;
  readonly detail?: string;
}

/** Whether the target, the credentials for it or the gate refuse: nothing that a later try would find otherwise. */
export function isRefusal({ kind }: PhaseFailure | OpenRunspaceFailure): boolean {
  return [
    'refused',
    'credential-out-of-scope',
    'credential-unavailable',
    'simple-bind-refused',
    'kerberos-refused',
    'kerberos-skew',
    'kerberos-missing',
    'local-refused',
    'gate-refused',
  ].includes(kind);
}

/**
 * Judges a failure of a phase that only reads. An identity or configuration error is never tried again (accounts lock), and neither
 * is a phase that overran: it would again. A dead link while reading did no harm and is tried later.
 */
export function stopOf(failure: PhaseFailure | OpenRunspaceFailure, own: OwnCodes): Stop {
  switch (failure.kind) {
    case 'reported': {
      const { code, class: of } = phaseCode(failure.code, own);
      const deferred = of === 'deferred' || of === 'waiting';
      return { kind: deferred ? 'deferred' : 'blocked', code, detail: failure.error.message };
    }
    case 'unreachable':
      return { kind: 'deferred', code: failure.code ?? 'unreachable', detail: failure.detail };
    case 'link-lost':
      return {
        kind: 'deferred',
        code: 'unreachable',
        detail: `the connection was lost while reading: ${failure.detail}`,
      };
    case 'timed-out':
      return {
        kind: 'blocked',
        code: 'phase-overran',
        detail: `the phase was stopped after ${failure.afterMs} ms`,
      };
    case 'host-unavailable':
      return { kind: 'deferred', code: 'engine-unavailable', detail: failure.detail };
    case 'cancelled':
      return { kind: 'abandoned', code: 'cancelled' };
    case 'gate-refused':
      return { kind: 'blocked', code: 'gate-refused', detail: failure.detail };
    case 'refused':
      return { kind: 'blocked', code: failure.code, detail: failure.detail };
    case 'malformed-output':
    case 'output-limit':
      return { kind: 'blocked', code: failure.kind, detail: failure.detail };
    case 'credential-out-of-scope':
    case 'credential-unavailable':
    case 'simple-bind-refused':
    case 'kerberos-refused':
    case 'kerberos-skew':
    case 'kerberos-missing':
      return { kind: 'blocked', code: failure.kind, detail: `${failure.name}: ${failure.why}` };
    case 'kdc-unreachable':
      return { kind: 'deferred', code: failure.kind, detail: `${failure.name}: ${failure.why}` };
    case 'local-refused':
      return { kind: 'blocked', code: 'local-refused', detail: 'transport local needs FIXPOINT_ALLOW_LOCAL=1' };
  }
}
