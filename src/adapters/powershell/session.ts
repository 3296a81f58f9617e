import { withoutNul } from './clean-text.js';
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../../domain/result.js';
import {
  isRemote,
  type OpenFailure,
  type PhaseFailure,
  type PhaseResult,
  type PhaseRun,
  type Place,
  type RemoteInfo,
  type RunLog,
  type Session,
  type StreamRecord,
} from '../../ports/powershell-host.js';
import type { LiveHost } from './live-host.js';

/** A soft stop gets this long before our side of a remote session is ended, and as long again before the host is. */
export const GRACE_MS = 3000;
const CONNECT_MS = 15_000;

export async function openSession(
  host: LiveHost,
  place: Place,
  options: { readonly connectTimeoutMs?: number; readonly signal?: AbortSignal },
): Promise<Result<Session, OpenFailure>> {
  if (options.signal?.aborted) return fail({ kind: 'cancelled' });
  const session = randomUUID();
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_MS;
  // A password goes through the private socket alone.
  const where = isRemote(place) ? { [place.kind]: { ...place } } : {};
  const answer = await host.request({ t: 'open', session, place: place.kind, connectTimeoutMs, ...where });
  if (!answer) return fail({ kind: 'host-unavailable', detail: 'the engine ended while the session was opened' });
  if (answer.ok !== true) return fail(asSaid(answer.failure as OpenFailure));
  return ok(sessionOver(host, session, place, answer.remote as RemoteInfo));
}

/** Most characters of what a target or the engine says of a failure. */
const MOST_DETAIL = 4096;

/** A failure to open as it may be stored: whoever answers at the port has a say in its words. */
function asSaid(failure: OpenFailure): OpenFailure {
  const clean = withoutNul(failure);
  return 'detail' in clean ? { ...clean, detail: clean.detail.slice(0, MOST_DETAIL) } : clean;
}

function sessionOver(host: LiveHost, session: string, place: Place, remote: RemoteInfo): Session {
  let closed = false;
  return {
    remote,
    async runPhase(run, onRecord, signal) {
      if (closed) return failed({ kind: 'link-lost', detail: 'the session is closed' });
      if (signal?.aborted) return failed({ kind: 'cancelled' });
      return runPhase(host, session, place, run, onRecord, signal);
    },
    async close() {
      if (closed) return;
      closed = true;
      await host.request({ t: 'close', session });
    },
  };
}

/** Runs a phase with an outer deadline that does not depend on the engine's good will: stop, then end our side of a remote session, then the host. */
async function runPhase(
  host: LiveHost,
  session: string,
  place: Place,
  run: PhaseRun,
  onRecord: ((record: StreamRecord) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<PhaseResult> {
  const started = Date.now();
  let overrun: PhaseFailure | undefined;
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, act: () => void) => timers.push(setTimeout(act, ms));
  const escalate = (why: PhaseFailure) => {
    if (overrun) return;
    overrun = why;
    host.notify({ t: 'stop', session });
    if (isRemote(place)) after(GRACE_MS, () => host.notify({ t: 'kill', session }));
    after(isRemote(place) ? 2 * GRACE_MS : GRACE_MS, () => host.kill());
  };
  const onAbort = () => escalate({ kind: 'cancelled' });
  after(run.timeoutMs, () => escalate({ kind: 'timed-out', afterMs: run.timeoutMs }));
  signal?.addEventListener('abort', onAbort, { once: true });
  const { script, modules, parameters, credential, connection, limits } = run;
  const answer = await host.request(
    { t: 'run', session, script, modules, parameters, credential, connection, limits },
    onRecord,
  );
  for (const timer of timers) clearTimeout(timer);
  signal?.removeEventListener('abort', onAbort);
  const durationMs = Date.now() - started;
  if (!answer)
    return failed(overrun ?? { kind: 'host-unavailable', detail: 'the engine ended' }, {
      durationMs,
      records: 0,
      truncated: false,
    });
  const log = answer.log as RunLog;
  if (answer.ok === true) return { ok: true, output: answer.output as never, log };
  const failure = withoutNul(answer.failure as PhaseFailure);
  const ours = overrun && (failure.kind === 'cancelled' || failure.kind === 'link-lost');
  return failed(ours ? (overrun as PhaseFailure) : failure, log);
}

function failed(failure: PhaseFailure, log: RunLog = { durationMs: 0, records: 0, truncated: false }): PhaseResult {
  return { ok: false, failure, log };
}
