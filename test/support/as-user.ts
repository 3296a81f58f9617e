import type { ValueObject } from '../../src/domain/canonical.js';
import type { PhaseRun, PhaseScript, PowerShellHost, Session } from '../../src/ports/powershell-host.js';

/** Called right before a phase is sent to the user's session, and right after its result was heard. */
export type Moment = (phase: 'detect' | 'apply', moment: 'before' | 'after') => void;

/**
 * A double of the elevated half of the module (`_modules/user-session/run-as-user.ps1`), which needs Windows: the engine is real, but
 * what the module would start as the interactive user runs in the session itself. It shows nothing about the module; the real one is
 * in test/lab/user-session.test.ts, on a laboratory PC.
 */
export function actingAsUser(host: PowerShellHost, at: Moment = () => undefined): PowerShellHost {
  return {
    ...host,
    get pid() {
      return host.pid;
    },
    async open(place, options) {
      const opened = await host.open(place, options);
      return opened.ok ? { ok: true, value: inSession(opened.value, at) } : opened;
    },
  };
}

function inSession(session: Session, at: Moment): Session {
  return {
    ...session,
    async runPhase(run, onRecord, signal) {
      const asUser = userSideOf(run);
      if (!asUser) return session.runPhase(run, onRecord, signal);
      const phase = 'Change' in asUser.parameters ? 'apply' : 'detect';
      at(phase, 'before');
      const result = await session.runPhase(asUser, onRecord, signal);
      at(phase, 'after');
      return result;
    },
  };
}

/** What a run as the signed-in user asks the user's side to do; undefined where the run is none. */
function userSideOf({ parameters, timeoutMs }: PhaseRun): PhaseRun | undefined {
  const { Call } = parameters;
  if (Call === undefined) return undefined;
  const { phase, values } = Call as { readonly phase: Omit<PhaseScript, 'name'>; readonly values: ValueObject };
  return { script: { name: 'as-user', ...phase }, modules: [], parameters: values, timeoutMs };
}
