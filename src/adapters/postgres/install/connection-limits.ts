import type { LoginRole } from './roles.js';

/**
 * The most that a role may take of the connections of a server, and how many it gets of a small one. One process of the API opens up to
 * 11, authority and relay 5, a worker 4 and two for each slot, and 10 of the queue's role where PostgreSQL carries the queue. A restart
 * may overlap the connections of the process before it.
 */
const SHARES: Readonly<Record<LoginRole, { readonly share: number; readonly least: number }>> = {
  api: { share: 0.3, least: 24 },
  authority: { share: 0.1, least: 12 },
  relay: { share: 0.1, least: 12 },
  worker: { share: 0.4, least: 24 },
  queue: { share: 0.4, least: 24 },
};

/** How many connections a role may have at once, so that no role alone takes those of all others. */
export function connectionLimit(role: LoginRole, maxConnections: number): number {
  const { share, least } = SHARES[role];
  return Math.max(least, Math.floor(maxConnections * share));
}
