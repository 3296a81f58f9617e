import { sql } from 'kysely';
import type { AuditEntry, AuditLog } from '../../../ports/audit-log.js';
import { roleName } from '../install/roles.js';
import { append } from '../append-audit.js';
import type { Db } from '../schema.js';
import { wanted } from './audit-filter.js';
import { jobRecords } from './audit-records.js';

type Filter = Parameters<AuditLog['query']>[0];

export function createAuditLog(db: Db): AuditLog {
  return {
    append: (event) => append(db, event),
    query: (filter) =>
      // One snapshot: an event that is chained meanwhile is in one of the two parts, not in both or none.
      db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (tx) => {
          const chained = await chainedEntries(tx, filter);
          // What is not chained yet comes after everything that is.
          const left = filter.limit - chained.length;
          return left === 0 ? chained : [...chained, ...(await unchainedEntries(tx, filter, left))];
        }),
    async actorsNamed(name) {
      const { rows } = await sql<{ id: string }>`SELECT DISTINCT actor_id AS id FROM audit_events
        WHERE lower(normalize(bytes::jsonb->'actor'->>'name', NFC)) = ${name}`.execute(db);
      return rows.map(({ id }) => id);
    },
    records: (jobs) => jobRecords(db, jobs),
    async submission(job) {
      const row = await db
        .selectFrom('audit_events')
        .select(['writer', 'bytes'])
        .where('job_id', '=', job)
        .where('action', '=', 'job.submitted')
        .where('writer', '=', roleName('api'))
        .orderBy('n')
        .limit(1)
        .executeTakeFirst();
      return row && { writer: row.writer, event: row.bytes };
    },
    async chained(afterSeq, limit) {
      const rows = await db
        .selectFrom('audit_chain as chain')
        .innerJoin('audit_events as event', 'event.n', 'chain.event_n')
        .select(['chain.seq', 'chain.prev_hash', 'chain.hash', 'event.writer', 'event.bytes'])
        .where('chain.seq', '>', afterSeq)
        .orderBy('chain.seq')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        seq: Number(row.seq),
        prevHash: row.prev_hash,
        hash: row.hash,
        writer: row.writer,
        event: row.bytes,
      }));
    },
  };
}

/** A page of the chain from its own order: no sort over the whole log. */
async function chainedEntries(db: Db, filter: Filter): Promise<readonly AuditEntry[]> {
  const rows = await db
    .selectFrom('audit_chain as chain')
    .innerJoin('audit_events as event', 'event.n', 'chain.event_n')
    .select(['event.bytes', 'event.writer', 'chain.seq', 'chain.prev_hash', 'chain.hash'])
    .where('chain.seq', '>', filter.after ?? 0)
    .where(wanted(filter))
    .orderBy('chain.seq')
    .limit(filter.limit)
    .execute();
  return rows.map((row) => ({
    event: row.bytes,
    writer: row.writer,
    seq: Number(row.seq),
    prevHash: row.prev_hash,
    hash: row.hash,
  }));
}

async function unchainedEntries(db: Db, filter: Filter, limit: number): Promise<readonly AuditEntry[]> {
  const rows = await unchainedEvents(db)
    .select(['event.bytes', 'event.writer'])
    .where(wanted(filter))
    .orderBy('unchained.n')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ event: row.bytes, writer: row.writer }));
}

/**
 * The events that are not chained yet, each looked up by its number. As a plain join the planner, which knows little of a list that
 * is empty most of the time, reads the whole log for it; the LIMIT keeps the look-up from becoming one.
 */
export function unchainedEvents(db: Db) {
  return db.selectFrom('audit_unchained as unchained').innerJoinLateral(
    (query) =>
      query.selectFrom('audit_events').selectAll().whereRef('audit_events.n', '=', 'unchained.n').limit(1).as('event'),
    (join) => join.onTrue(),
  );
}
