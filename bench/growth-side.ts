import pg from 'pg';
import { createStore, migrate, roleName, withDatabase } from '../src/adapters/postgres/index.js';
import { fill, type Filled } from './growth-fill.js';

type OneRecord = ReturnType<typeof createStore>;

/** The record as the three processes see it that claim, list, send and chain. */
export interface Parts {
  readonly api: OneRecord;
  readonly relay: OneRecord;
  readonly worker: OneRecord;
}

/** What PostgreSQL counted while connections were open, over all tables of the record. */
export interface Reads {
  /** Rows read through an index or by a scan of a whole table. */
  readonly rows: number;
  /** Pages of tables and indexes that were looked at, in memory or not. */
  readonly pages: number;
  /** Of the tables that have a row or more for each finished job: how often one was read from end to end. */
  readonly fullScans: Readonly<Record<string, number>>;
}

export interface Opened {
  readonly parts: Parts;
  /** Ends the connections and tells what was read through them. */
  close(): Promise<Reads>;
}

/** A record of its own that holds a number of finished jobs, and some that wait to be claimed. */
export interface Side {
  readonly finished: number;
  readonly filled: Filled;
  /** How many of the waiting jobs have been claimed. */
  claimed: number;
  /** Fresh connections to it. */
  open(): Promise<Opened>;
}

const GROWING = [
  'jobs',
  'plans',
  'decisions',
  'grants',
  'grant_use',
  'change_journal',
  'job_events',
  'audit_events',
  'audit_chain',
];

/**
 * Makes a record and fills it.
 * @param adminUrl a server of the caller's alone: its settings are changed for the time of the fill
 */
export async function openSide(adminUrl: string, database: string, finished: number, queued: number): Promise<Side> {
  const passwords = { api: 'a', authority: 'a', relay: 'a', worker: 'a', queue: 'a' };
  await migrate({ adminUrl, database, passwords });
  const owner = withDatabase(adminUrl, database);
  const filled = await fill(owner, finished, queued);
  const as = (role: keyof Parts) => {
    const url = new URL(owner);
    url.username = roleName(role);
    url.password = passwords[role];
    return createStore(url.toString(), { max: 2 });
  };
  return {
    finished,
    filled,
    claimed: 0,
    async open() {
      const before = await readsOf(owner);
      const parts = { api: as('api'), relay: as('relay'), worker: as('worker') };
      const close = async () => {
        await Promise.all(Object.values(parts).map((part) => part.close()));
        const after = await readsOf(owner);
        const scans = GROWING.map((table) => [table, (after.fullScans[table] ?? 0) - (before.fullScans[table] ?? 0)]);
        return {
          rows: after.rows - before.rows,
          pages: after.pages - before.pages,
          fullScans: Object.fromEntries(scans) as Reads['fullScans'],
        };
      };
      return { parts, close };
    },
  };
}

/** The server's counters; a connection adds its own to them when it ends, so all others have to be gone. */
async function readsOf(url: string): Promise<Reads> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (;;) {
      const { rowCount } = await client.query(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      if (rowCount === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { rows: tables } = await client.query<{ relname: string; scans: string; rows: string; pages: string }>(`
      SELECT relname, seq_scan AS scans, seq_tup_read + coalesce(through_index, 0) AS rows,
        heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0)
          + coalesce(toast_blks_read + toast_blks_hit + tidx_blks_read + tidx_blks_hit, 0) AS pages
      FROM pg_stat_user_tables JOIN pg_statio_user_tables USING (relid, relname)
      LEFT JOIN (SELECT relid, sum(idx_tup_read) AS through_index FROM pg_stat_user_indexes GROUP BY relid) indexes USING (relid)`);
    const sum = (values: readonly string[]) => values.reduce((total, value) => total + Number(value), 0);
    return {
      rows: sum(tables.map(({ rows }) => rows)),
      pages: sum(tables.map(({ pages }) => pages)),
      fullScans: Object.fromEntries(tables.map(({ relname, scans }) => [relname, Number(scans)])),
    };
  } finally {
    await client.end();
  }
}
