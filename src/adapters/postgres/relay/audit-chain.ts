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
      const prev_hash = hash;
      hash = linkHash(seq, prev_hash, event.writer, event.bytes);
      return { seq, event_n: event.n, prev_hash, hash };
    });
    await tx.insertInto('audit_chain').values(links).execute();
    await tx
      .deleteFrom('audit_unchained')
      .where(
        'n',
        'in',
        events.map((event) => event.n),
      )
      .execute();
    return links.length;
  });
}
