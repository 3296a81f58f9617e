import { sql } from 'kysely';
import type { RelayStore } from '../../../ports/relay.js';
import { trackClock } from '../clock.js';
import { rollUpMoves } from './metrics.js';
import { listen } from '../listen.js';
import type { Nudges } from '../nudges.js';
import type { Db } from '../schema.js';
import { relayOutbox } from './outbox.js';
import { enqueueDue } from './due-jobs.js';
import { chain } from './audit-chain.js';

export function createRelayStore(db: Db, nudges: Nudges, connectionString: string): RelayStore {
  return {
    relayOutbox: (send, limit) => relayOutbox(db, send, limit),
    async enqueueDue(live, limit) {
      const sent = await enqueueDue(db, live, limit);
      if (sent > 0) nudges.outbox();
      return sent;
    },
    chain: (limit) => chain(db, limit),
    rollUp: () => rollUpMoves(db),
    trackClock: (jumped) => trackClock(db, jumped),
    async tidy() {
      // Taken or lost: a message without its row is dropped, and a job whose message is gone gets a new one.
      await sql`DELETE FROM outbox WHERE sent_at < now() - interval '1 day'`.execute(db);
      await sql`DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'`.execute(db);
      await sql`DELETE FROM heartbeats WHERE at < now() - interval '1 day'`.execute(db);
    },
    watch: (onOutbox, signal) => listen(connectionString, 'fixpoint_outbox', onOutbox, signal),
  };
}
