import { randomUUID } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../../domain/digest.js';
import { fail, ok, type Result } from '../../../domain/result.js';
import { ensureFolder, PRIVATE_FILE, PRIVATE_FOLDER, writeWhole } from '../../../platform/own-files.js';
import type { KerberosTicket } from '../../../ports/powershell-host.js';
import { configText, isPlainHost } from './config-text.js';
import { kinit, type KerberosFailure, type KerberosSecret } from './kinit.js';
import { ticketTimes } from './ticket-cache.js';

/** Who signs in, and where. */
export interface Identity {
  readonly principal: string;
  /** Names the secret, and is none. */
  readonly reference: string;
  readonly secret: KerberosSecret;
  readonly kdcs: readonly string[];
  /** Servers whose services are of the realm. */
  readonly hosts: readonly string[];
}

export interface TicketsOptions {
  /** A 0700 folder of this worker. */
  readonly runtimeDirectory: string;
  /** A krb5.conf of the administrator, instead of one for each identity. */
  readonly config?: string;
  readonly searchPath: string | undefined;
  readonly now?: () => number;
}

export interface Tickets {
  /** A ticket that lasts for a while: the one that is there, or another. */
  get(identity: Identity): Promise<Result<KerberosTicket, KerberosFailure>>;
}

/** A ticket is replaced when less is left of it, or half of its life where that is shorter. */
const ENOUGH_MS = 30 * 60_000;

/** Tickets in files of mode 0600, one folder of mode 0700 for each identity, which the processes of one home share. */
export function createTickets({ runtimeDirectory, config, searchPath, now = Date.now }: TicketsOptions): Tickets {
  const asked = new Map<string, Promise<Result<KerberosTicket, KerberosFailure>>>();
  const get = async (identity: Identity, folder: string): Promise<Result<KerberosTicket, KerberosFailure>> => {
    const unfit = [...identity.kdcs, ...identity.hosts].find((host) => !isPlainHost(host));
    if (unfit !== undefined) return fail({ kind: 'kdc-unreachable', why: 'a name of a server is not that of a host' });
    ensureFolder(join(runtimeDirectory, 'krb5'), PRIVATE_FOLDER);
    ensureFolder(folder, PRIVATE_FOLDER);
    const { principal, secret, kdcs, hosts } = identity;
    const ticket = { cache: join(folder, 'cache'), config: config ?? join(folder, 'krb5.conf') };
    const realm = principal.slice(principal.lastIndexOf('@') + 1);
    if (config === undefined) writeWhole(ticket.config, configText({ name: realm, kdcs, hosts }), PRIVATE_FILE);
    if (await isFresh(ticket.cache, now())) return ok(ticket);
    // Beside it, then in its place: an engine never reads half a cache.
    const cache = `${ticket.cache}.${randomUUID()}`;
    const got = await kinit({ principal, secret, cache, config: ticket.config, searchPath });
    if (got.ok) await rename(cache, ticket.cache);
    else await rm(cache, { force: true });
    return got.ok ? ok(ticket) : got;
  };
  return {
    get(identity) {
      const { principal, reference, kdcs, hosts } = identity;
      const id = sha256(JSON.stringify([principal, reference, kdcs, hosts, config ?? null])).slice(0, 24);
      // Of those that ask at once one asks the KDC: a wrong password counts towards the lock of the account.
      const answer = asked.get(id) ?? get(identity, join(runtimeDirectory, 'krb5', id)).finally(() => asked.delete(id));
      asked.set(id, answer);
      return answer;
    },
  };
}

async function isFresh(cache: string, now: number): Promise<boolean> {
  const bytes = await readFile(cache).catch(() => undefined);
  const times = bytes && ticketTimes(bytes);
  return times !== undefined && times.until - now >= Math.min(ENOUGH_MS, (times.until - times.from) / 2);
}
