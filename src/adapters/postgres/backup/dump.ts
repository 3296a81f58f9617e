import { createHash } from 'node:crypto';
import { open, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { pinnedConnection } from '../../../platform/pg-client.js';
import { migrationsOf, tablesOf, type Migration } from './tables.js';

/** `backup.json`: what the files beside it are. */
export interface BackupIndex {
  readonly format: 'fixpoint-backup-v1';
  /** The database's clock at the snapshot. */
  readonly madeAt: string;
  readonly migrations: readonly Migration[];
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    /** SHA-256 of `<name>.jsonl`, lower-case hex. */
    readonly sha256: string;
  }[];
  /** Where the audit chain ended: keep it apart from the backup. */
  readonly head: { readonly seq: number; readonly hash: string };
}

export const INDEX_FILE = 'backup.json';
export const fileOf = (table: string) => `${table}.jsonl`;

/**
 * Writes the whole database as of one moment: a file of JSON Lines a table, made by the server, so that no value passes through
 * another representation. Files are 0600 in a new folder. Keys, credentials and the people file are not in the database.
 */
export async function dumpDatabase(url: string, folder: string): Promise<BackupIndex> {
  await mkdir(folder, { recursive: false, mode: 0o700 });
  const client = new pg.Client(pinnedConnection(url));
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL TIME ZONE 'UTC'`);
    const { rows: now } = await client.query<{ now: string }>("SELECT to_json(now())#>>'{}' AS now");
    const tables = [];
    for (const { name, key } of await tablesOf(client)) {
      const order = key.map((column) => pg.escapeIdentifier(column)).join(', ');
      tables.push({ name, ...(await dumpTable(client, name, order, join(folder, fileOf(name)))) });
    }
    const { rows: heads } = await client.query<{ seq: string; hash: string }>(
      'SELECT seq, hash FROM audit_chain ORDER BY seq DESC LIMIT 1',
    );
    const index: BackupIndex = {
      format: 'fixpoint-backup-v1',
      madeAt: now[0]?.now ?? '',
      migrations: await migrationsOf(client),
      tables,
      head: { seq: Number(heads[0]?.seq ?? 0), hash: heads[0]?.hash ?? '' },
    };
    await client.query('COMMIT');
    // Last: a folder without it is no backup.
    await writeFile(join(folder, INDEX_FILE), `${JSON.stringify(index, null, 2)}\n`, { mode: 0o600, flush: true });
    return index;
  } finally {
    await client.end();
  }
}

async function dumpTable(client: pg.Client, name: string, order: string, path: string) {
  const file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let count = 0;
  try {
    const table = pg.escapeIdentifier(name);
    await client.query(`DECLARE dump CURSOR FOR SELECT row_to_json(t)::text AS line FROM ${table} t ORDER BY ${order}`);
    for (;;) {
      const { rows } = await client.query<{ line: string }>('FETCH 1000 FROM dump');
      if (rows.length === 0) break;
      const text = rows.map(({ line }) => `${line}\n`).join('');
      hash.update(text);
      await file.appendFile(text);
      count += rows.length;
    }
    await client.query('CLOSE dump');
    await file.sync();
  } finally {
    await file.close();
  }
  return { rows: count, sha256: hash.digest('hex') };
}
