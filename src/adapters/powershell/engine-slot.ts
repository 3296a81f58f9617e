import { fail, type Result } from '../../domain/result.js';
import type { KerberosTicket, OpenFailure, Place, PowerShellHost, Session } from '../../ports/powershell-host.js';
import { findEngine, type Engine } from './find-engine.js';
import { overHost, type LiveHost } from './live-host.js';
import { limitMemory } from './memory-limit.js';
import { openSession } from './session.js';
import { startHost } from './start-host.js';

export interface PowerShellOptions {
  /** Folder with the built engine (`engine/dist`). */
  readonly engineDirectory: string;
  /** A folder for sockets; made with mode 0700. Its path is short: see `hasRoomForSockets`. */
  readonly runtimeDirectory: string;
  /** Where `FIXPOINT_PWSH` and PATH are read. */
  readonly env: NodeJS.ProcessEnv;
  readonly log?: (message: string) => void;
  /** What an engine may hold before it is ended; default 1 GiB. */
  readonly mostBytes?: number;
}

/** One engine process at a time, started at the first call, replaced when it ends. */
export interface EngineSlot {
  /** The process that is up, or a new one. @throws Error when none comes up */
  ready(): Promise<LiveHost>;
  open(place: Place, how: Parameters<PowerShellHost['open']>[1]): Promise<Result<Session, OpenFailure>>;
  readonly pid: number | undefined;
  readonly openSessions: number;
  close(): Promise<void>;
}

/** A host is replaced after this many runs, once nothing is in flight. */
const RECYCLE_AFTER = 200;
/** An engine of several slots may never be without work: after this many runs a new one takes what comes, and the old one ends with its last session. */
const RETIRE_AFTER = 400;

/** @param ticket of the identity that this engine signs in as; it is in the environment of the process from its start */
export function createEngineSlot(options: PowerShellOptions, ticket?: KerberosTicket): EngineSlot {
  let engine: Engine | undefined;
  let starting: Promise<LiveHost> | undefined;
  let live: LiveHost | undefined;
  /** Open sessions of each process. One that has been replaced is here until its last session ends. */
  const sessions = new Map<LiveHost, number>();
  const count = (host: LiveHost, by: 1 | -1) => {
    const left = (sessions.get(host) ?? 0) + by;
    if (left > 0) sessions.set(host, left);
    else sessions.delete(host);
    return left;
  };
  const isIdle = (host: LiveHost) => host.inFlight === 0 && !sessions.has(host);
  const start = async () => {
    engine ??= await findEngine(options.env, options.engineDirectory);
    const process = await startHost(engine, options.runtimeDirectory, ticket);
    const host = overHost(process);
    options.log?.(`engine up: pid ${host.pid}, ${engine.source}`);
    limitMemory(host, options.log ?? (() => undefined), options.mostBytes);
    void host.gone.then(() => {
      options.log?.(`engine ended: pid ${host.pid}${lastWords(process.noise())}`);
      if (live === host) live = undefined;
    });
    live = host;
    return host;
  };
  const ready = async (): Promise<LiveHost> => {
    if (live && !live.isGone()) {
      if (live.served < RECYCLE_AFTER || (live.served < RETIRE_AFTER && !isIdle(live))) return live;
      const worn = live;
      live = undefined;
      if (isIdle(worn)) await worn.close();
    }
    starting ??= start().finally(() => (starting = undefined));
    return starting;
  };
  return {
    ready,
    get pid() {
      return live?.pid;
    },
    get openSessions() {
      return [...sessions.values()].reduce((sum, each) => sum + each, 0);
    },
    async open(place, how = {}) {
      let host: LiveHost;
      try {
        host = await ready();
      } catch (error) {
        return fail({ kind: 'host-unavailable', detail: (error as Error).message });
      }
      const opened = await openSession(host, place, how);
      if (!opened.ok) return opened;
      count(host, 1);
      const { value } = opened;
      let counted = true;
      const close = async () => {
        const isLast = counted && count(host, -1) === 0;
        counted = false;
        await value.close();
        if (isLast && host !== live) await host.close();
      };
      return { ok: true, value: { ...value, close } };
    },
    async close() {
      const host = await starting?.catch(() => undefined);
      const last = live ?? host;
      const all = new Set([...(last ? [last] : []), ...sessions.keys()]);
      await Promise.all([...all].map((each) => each.close()));
      live = undefined;
    },
  };
}

/** What a process said last, for a log: one line of at most 300 characters. It says why an engine ended that nobody ended. */
function lastWords(noise: string): string {
  const said = noise
    // What a console sends to a terminal says nothing.
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/gu, ' ')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(-300);
  return said === '' ? '' : `; it printed last: ${said}`;
}
