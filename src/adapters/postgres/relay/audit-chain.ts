import type { Db } from '../schema.js';
import { sql } from 'kysely';
import { GENESIS, linkHash } from '../../../domain/audit.js';
import { unchainedEvents } from './audit-log.js';

export async function chain(db: Db, limit: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ locked: boolean }>`
      SELECT pg_try_advisory_xact_lock(hashtext('fixpoint-audit-chain')) AS locked`.execute(tx);
    if (rows[0]?.locked !== true) return 0;
    const head = await tx
      .selectFrom('audit_chain')
      .select(['seq', 'hash'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    const events = await unchainedEvents(tx)
      .select(['event.n', 'event.writer', 'event.bytes'])
      .orderBy('unchained.n')
      .limit(limit)
      .execute();
    if (events.length === 0) return 0;
    let seq = Number(head?.seq ?? 0);
    let hash = head?.hash ?? GENESIS;
    const links = events.map((event) => {
      seq += 1;
      const prev = hash;
      hash = linkHash(seq, prev, event.writer, event.bytes);
      return { seq, prev, hash };
    });
    const numbers = events.map((event) => event.n);
    // One text for every length, so that it is prepared once.
    await sql`
      INSERT INTO audit_chain (seq, event_n, prev_hash, hash)
      SELECT * FROM unnest(
        ${links.map((link) => link.seq)}::bigint[], ${numbers}::bigint[],
        ${links.map((link) => link.prev)}::text[], ${links.map((link) => link.hash)}::text[])`.execute(tx);
    await sql`DELETE FROM audit_unchained WHERE n = ANY(${numbers}::bigint[])`.execute(tx);
    return links.length;
  });
}
