import type pg from 'pg';

/** Notifications of so many milliseconds go out together. */
const GATHER_MS = 10;

/** Says to whoever listens that something was committed. A nudge may be lost: every listener also looks by itself. */
export interface Nudges {
  /** The job has new events. */
  job(id: string): void;
  /** The outbox has messages to send. */
  outbox(): void;
  /** Sends what is gathered; afterwards nothing is sent any more. */
  close(): Promise<void>;
}

/**
 * Nudges after the commit, in a statement of their own. NOTIFY inside a transaction takes a lock of the whole server until the WAL is
 * on the disk, so that no two transactions with a NOTIFY are ever flushed together.
 */
export function createNudges(pool: Pick<pg.Pool, 'query'>): Nudges {
  const jobs = new Set<string>();
  let outbox = false;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let closed = false;

  const send = async () => {
    timer = undefined;
    if (jobs.size === 0 && !outbox) return;
    const channels = [...(outbox ? ['fixpoint_outbox'] : []), ...[...jobs].map(() => 'fixpoint_job')];
    const payloads = [...(outbox ? [''] : []), ...jobs];
    jobs.clear();
    outbox = false;
    await pool
      .query('SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS nudge (channel, payload)', [
        channels,
        payloads,
      ])
      .catch(() => undefined);
  };
  const soon = () => {
    if (closed) return;
    // One at a time: while the database does not answer, nudges gather instead of standing in line before other statements.
    timer ??= setTimeout(() => {
      sending = sending.then(send);
    }, GATHER_MS);
  };
  return {
    job(id) {
      jobs.add(id);
      soon();
    },
    outbox() {
      outbox = true;
      soon();
    },
    async close() {
      closed = true;
      if (timer === undefined) return sending;
      clearTimeout(timer);
      await sending.then(send);
    },
  };
}
