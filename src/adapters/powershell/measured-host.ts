import type { EngineCounters } from '../../ports/engine-counters.js';
import { SpanStatusCode } from '@opentelemetry/api';
import type { PowerShellHost, Session } from '../../ports/powershell-host.js';
import { inSpan } from '../../platform/spans.js';

/** Engine counters, and the decorator that feeds them: one for each slot, also where slots share an engine. */
export interface MeasuredHosts extends EngineCounters {
  readonly measureHost: (host: PowerShellHost) => PowerShellHost;
}

/** Counts sessions and starts of engines, and makes a span of each session and phase. */
export function createMeasuredHosts(clock: () => number = () => performance.now()): MeasuredHosts {
  const until = new WeakMap<PowerShellHost, number>();
  let sessions = 0;
  let starts = 0;
  let restarts = 0;
  const lastPids = new WeakMap<PowerShellHost, number>();
  const measureHost = (host: PowerShellHost): PowerShellHost => {
    const look = () => {
      const lastPid = lastPids.get(host);
      if (host.pid === undefined || host.pid === lastPid) return;
      starts += 1;
      if (lastPid !== undefined) restarts += 1;
      lastPids.set(host, host.pid);
    };
    const measured: PowerShellHost = {
      get pid() {
        return host.pid;
      },
      engineDigest: () => host.engineDigest().finally(look),
      checkScripts: (scripts) => host.checkScripts(scripts).finally(look),
      gateLists: () => host.gateLists().finally(look),
      sessionCommands: () => host.sessionCommands().finally(look),
      close: () => host.close(),
      async open(place, how) {
        sign();
        const opened = await inSpan('session.open', { 'fixpoint.place': place.kind }, async (span) => {
          const result = await host.open(place, how);
          if (!result.ok) span.setStatus({ code: SpanStatusCode.ERROR, message: result.error.kind });
          return result;
        });
        look();
        sign();
        if (!opened.ok) return opened;
        sessions += 1;
        let counted = true;
        const close = () => {
          if (counted) sessions -= 1;
          counted = false;
          return opened.value.close();
        };
        return { ok: true, value: { ...tracedSession(opened.value, sign), close } };
      },
    };
    const sign = (ms = 0) => void until.set(measured, clock() + ms);
    return measured;
  };
  return {
    measureHost,
    sessions: () => sessions,
    busyUntil: (host) => until.get(host) ?? 0,
    takeStarts() {
      const taken = { starts, restarts };
      starts = restarts = 0;
      return taken;
    },
  };
}

/** @param sign is called where a phase begins, with the time that it may take, and where it ended */
function tracedSession(session: Session, sign: (ms?: number) => void): Session {
  return {
    ...session,
    runPhase: (run, onRecord, signal) => {
      const phase = run.script.name.slice(run.script.name.lastIndexOf('/') + 1).replace(/\.ps1$/, '');
      return inSpan(`phase.${phase.toLowerCase()}`, { 'fixpoint.script': run.script.name }, async (span) => {
        sign(run.timeoutMs);
        const result = await session.runPhase(run, onRecord, signal).finally(() => sign());
        if (!result.ok) span.setStatus({ code: SpanStatusCode.ERROR, message: result.failure.kind });
        return result;
      });
    },
  };
}
