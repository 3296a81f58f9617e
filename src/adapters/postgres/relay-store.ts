import { sql, type Kysely } from 'kysely';
import { GENESIS, linkHash } from '../../domain/audit.js';
import { NUDGE_MS } from '../../domain/nudge.js';
import type { Message } from '../../ports/carrier.js';
import type { Deliveries, RelayStore } from '../../ports/relay.js';
import { unchainedEvents } from './audit-log.js';
import { keepClock } from './clock.js';
import { addTo, addUpMoves } from './figures.js';
import { listen } from './listen.js';
import { enqueue, urgencyOf } from './outbox.js';
import type { Database } from './schema.js';

type Db = Kysely<Database>;
const messageId = (outboxId: string) => `m-${outboxId}`;

export function createRelayStore(db: Db, connectionString: string): RelayStore {
  return {
    relayOutbox: (send, limit) => relayOutbox(db, send, limit),
    wakeDue: (live, limit) => wakeDue(db, live, limit),
    chain: (limit) => chain(db, limit),
    addUp: () => addUpMoves(db),
    keepClock: (jumped) => keepClock(db, jumped),
    async tidy() {
      // Taken or lost: a message without its row is dropped, and a job whose message is gone gets a new one.
      await sql`DELETE FROM outbox WHERE sent_at < now() - interval '1 day'`.execute(db);
      await sql`DELETE FROM idempotency_keys WHERE created_at < now() - interval '1 day'`.execute(db);
      await sql`DELETE FROM heartbeats WHERE at < now() - interval '1 day'`.execute(db);
    },
    async watch(onOutbox, onAudit, signal) {
      await Promise.all([
        listen(connectionString, 'fixpoint_outbox', onOutbox, signal),
        listen(connectionString, 'fixpoint_audit', onAudit, signal),
      ]);
    },
  };
}

export function createDeliveries(db: Db): Deliveries {
  return {
    async take(id, jobId) {
      if (!/^m-[0-9a-f-]{36}$/.test(id) || !/^[0-9a-f-]{36}$/.test(jobId)) return 'unknown';
      const taken = await db
        .updateTable('outbox')
        .set({ taken_at: sql<Date>`now()` })
        .where('id', '=', id.slice(2))
        .where('job_id', '=', jobId)
        .where('taken_at', 'is', null)
        .executeTakeFirst();
      if (taken.numUpdatedRows === 1n) return 'taken';
      const known = await db
        .selectFrom('outbox')
        .select('id')
        .where('id', '=', id.slice(2))
        .where('job_id', '=', jobId)
        .executeTakeFirst();
      return known ? 'used' : 'unknown';
    },
  };
}

async function relayOutbox(
  db: Db,
  send: (pool: string, messages: readonly Message[]) => Promise<void>,
  limit: number,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('outbox')
      .select(['id', 'job_id', 'pool', 'priority'])
      .where('sent_at', 'is', null)
      .orderBy('priority')
      .orderBy('created_at')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute();
    if (rows.length === 0) return 0;
    for (const pool of new Set(rows.map((row) => row.pool))) {
      const messages = rows
        .filter((row) => row.pool === pool)
        .map((row) => ({ id: messageId(row.id), jobId: row.job_id, priority: row.priority }));
      await send(pool, messages);
    }
    const ids = rows.map((row) => row.id);
    await tx
      .updateTable('outbox')
      .set({ sent_at: sql<Date>`now()` })
      .where('id', 'in', ids)
      .execute();
    return rows.length;
  });
}

async function wakeDue(db: Db, live: (pool: string) => Promise<ReadonlySet<string>>, limit: number): Promise<number> {
  const due = await db
    .selectFrom('jobs')
    .select(['id', 'pool'])
    .where('wake_at', '<=', sql<Date>`now()`)
    .orderBy('wake_at')
    .limit(limit)
    .execute();
  if (due.length === 0) return 0;
  const waiting = await db
    .selectFrom('outbox')
    .select(['id', 'job_id', 'sent_at'])
    .where('taken_at', 'is', null)
    .where(
      'job_id',
      'in',
      due.map((job) => job.id),
    )
    .execute();
  const liveIds = new Map<string, ReadonlySet<string>>();
  for (const pool of new Set(due.map((job) => job.pool))) liveIds.set(pool, await live(pool));
  const onItsWay = (job: { id: string; pool: string }) =>
    waiting.some(
      (row) =>
        row.job_id === job.id && (row.sent_at === null || liveIds.get(job.pool)?.has(messageId(row.id)) === true),
    );
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('jobs')
      .select(['id', 'pool', 'state', 'kind'])
      .where(
        'id',
        'in',
        due.map((job) => job.id),
      )
      .where('wake_at', '<=', sql<Date>`now()`)
      .forUpdate()
      .skipLocked()
      .execute();
    if (rows.length === 0) return 0;
    await tx
      .updateTable('jobs')
      .set({ wake_at: sql<Date>`now() + ${NUDGE_MS} * interval '1 millisecond'` })
      .where(
        'id',
        'in',
        rows.map((row) => row.id),
      )
      .execute();
    const lacking = rows.filter((job) => !onItsWay(job));
    if (lacking.length > 0) {
      await giveUpLost(tx, lacking, waiting);
      for (const urgency of new Set(lacking.map(urgencyOf))) {
        const jobs = lacking.filter((job) => urgencyOf(job) === urgency);
        await enqueue(
          tx,
          jobs.map(({ id }) => id),
          urgency,
        );
      }
    }
    return lacking.length;
  });
}

/** A message that was sent, not taken, and is not in the carrier any more is lost: its row is closed, and counted once a job. */
async function giveUpLost(
  tx: Db,
  lacking: readonly { readonly id: string }[],
  waiting: readonly { readonly id: string; readonly job_id: string }[],
): Promise<void> {
  const lost = waiting.filter((row) => lacking.some((job) => job.id === row.job_id)).map((row) => row.id);
  if (lost.length === 0) return;
  const closed = await tx
    .updateTable('outbox')
    .set({ taken_at: sql<Date>`now()` })
    .where('id', 'in', lost)
    .where('taken_at', 'is', null)
    .returning('job_id')
    .execute();
  await addTo(tx, 'sweeper_repairs', new Set(closed.map((row) => row.job_id)).size);
}

async function chain(db: Db, limit: number): Promise<number> {
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
