import type { Result } from '../../domain/result.js';
import type { KerberosTicket, OpenFailure, Place, PowerShellHost, Session } from '../../ports/powershell-host.js';
import { createEngineSlot, type EngineSlot, type PowerShellOptions } from './engine-slot.js';

/** An engine of an identity ends when nobody has used it for so long. */
const IDLE_MS = 60_000;

interface Held {
  readonly slot: EngineSlot;
  /** Calls that are being opened: the engine may not end under them. */
  opening: number;
  idle?: NodeJS.Timeout;
}

/** The engines that sign in with Kerberos: a process has one identity for life, so each identity has a process of its own. */
export interface IdentityEngines {
  open(
    place: Place,
    ticket: KerberosTicket,
    how: Parameters<PowerShellHost['open']>[1],
  ): Promise<Result<Session, OpenFailure>>;
  close(): Promise<void>;
}

export function createIdentityEngines(options: PowerShellOptions): IdentityEngines {
  const held = new Map<string, Held>();
  const rest = (key: string, one: Held) => {
    clearTimeout(one.idle);
    if (one.opening > 0 || one.slot.openSessions > 0) return;
    one.idle = setTimeout(() => {
      if (held.get(key) === one) held.delete(key);
      void one.slot.close();
    }, IDLE_MS);
    one.idle.unref();
  };
  return {
    async open(place, ticket, how) {
      const key = `${ticket.cache}\0${ticket.config}`;
      const one: Held = held.get(key) ?? { slot: createEngineSlot(options, ticket), opening: 0 };
      held.set(key, one);
      clearTimeout(one.idle);
      one.opening += 1;
      const opened = await one.slot.open(place, how).finally(() => (one.opening -= 1));
      if (!opened.ok) {
        rest(key, one);
        return opened;
      }
      const close = async () => {
        await opened.value.close();
        rest(key, one);
      };
      return { ok: true, value: { ...opened.value, close } };
    },
    async close() {
      const all = [...held.values()];
      held.clear();
      for (const { idle } of all) clearTimeout(idle);
      await Promise.all(all.map(({ slot }) => slot.close()));
    },
  };
}
