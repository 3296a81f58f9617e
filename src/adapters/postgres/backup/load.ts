import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { pinnedConnection } from '../../../platform/pg-client.js';
import type { ChainedEvent } from '../../../domain/audit.js';
import type { AuditVerdict } from '../../../domain/verify-audit.js';
import type { RestoreSigner } from '../../../ports/restores.js';
import { INDEX_FILE, fileOf, type BackupIndex } from './dump.js';
import { afterRestore, type Restored } from './after-restore.js';
import { migrationsOf, tablesOf } from './tables.js';

/** Why nothing was restored; the target is as it was. */
export class RestoreRefused extends Error {
  readonly code:
    | 'database-not-migrated'
    | 'not-a-backup'
    | 'backup-damaged'
    | 'backup-version-mismatch'
    | 'database-not-empty'
    | 'audit-chain-broken'
    | 'audit-log-invalid'
    | 'audit-head-mismatch';

  constructor(code: RestoreRefused['code'], message: string) {
    super(message);
    this.name = 'RestoreRefused';
    this.code = code;
  }
}

export interface RestoreOptions {
  readonly folder: string;
  /** Hash of the audit chain's head as it was kept elsewhere; compared with the backup's where given. */
  readonly head?: string;
  /** Judges the audit log as it was loaded. */
  readonly verify: (links: AsyncIterable<ChainedEvent>) => Promise<LoadedLog>;
  /** Signs that the backup was restored: nothing else explains the checkpoints of what it does not hold. */
  readonly sign: RestoreSigner['signRestore'];
  /** Restores a log whose events do not verify too, as long as its chain holds. */
  readonly despiteProblems?: boolean;
}

/** What a verification says of a log that was loaded. */
export type LoadedLog = Pick<AuditVerdict, 'chained' | 'problems' | 'problemCount' | 'restores'>;

/** @throws RestoreRefused when the folder holds no whole backup. */
export async function readBackup(folder: string): Promise<BackupIndex> {
  let index: BackupIndex;
  try {
    index = JSON.parse(await readFile(join(folder, INDEX_FILE), 'utf8')) as BackupIndex;
  } catch {
    throw new RestoreRefused('not-a-backup', `${folder} holds no ${INDEX_FILE}: it is no backup, or was not finished`);
  }
  if (index.format !== 'fixpoint-backup-v1') {
    throw new RestoreRefused('not-a-backup', `${folder} holds another kind of backup`);
  }
  for (const { name, sha256 } of index.tables) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, fileOf(name)))) hash.update(chunk as Buffer);
    if (hash.digest('hex') !== sha256)
      throw new RestoreRefused('backup-damaged', `${fileOf(name)} is not what was written`);
  }
  return index;
}

/**
 * Loads a backup into the empty database that the URL names, as the owner of its tables: everything in one transaction, or nothing.
 * What became of work that was unfinished when the backup was made is not known: see `afterRestore`.
 * @throws RestoreRefused
 */
export async function loadDatabase(url: string, options: RestoreOptions): Promise<Restored> {
  const { folder, head } = options;
  const index = await readBackup(folder);
  if (head !== undefined && head !== index.head.hash) {
    throw new RestoreRefused(
      'audit-head-mismatch',
      `the backup's audit log ends with ${index.head.hash}, not with ${head}`,
    );
  }
  const client = new pg.Client(pinnedConnection(url));
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL TIME ZONE 'UTC'`);
    await refuseUnlessFit(client, index);
    const tables = await tablesOf(client);
    for (const { name } of tables) await client.query(`ALTER TABLE ${pg.escapeIdentifier(name)} DISABLE TRIGGER USER`);
    // What a migration puts into a fresh record stands in the backup too.
    const all = tables.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
    await client.query(`TRUNCATE ${all}, outbox, heartbeats`);
    for (const { name } of tables) {
      if (index.tables.some((table) => table.name === name)) await loadTable(client, name, join(folder, fileOf(name)));
    }
    await setSequences(client);
    for (const { name } of tables) await client.query(`ALTER TABLE ${pg.escapeIdentifier(name)} ENABLE TRIGGER USER`);
    const { problemCount, restores } = await acceptedLog(client, index, options);
    const signed = options.sign({ head: index.head, restores });
    const restored = await afterRestore(client, index, { problems: problemCount, signed });
    await client.query('COMMIT');
    return restored;
  } finally {
    await client.end();
  }
}

async function refuseUnlessFit(client: pg.Client, index: BackupIndex): Promise<void> {
  const { rows: known } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('migrations') IS NOT NULL AS there`,
  );
  if (known[0]?.there !== true) {
    throw new RestoreRefused(
      'database-not-migrated',
      'the database has no schema yet: start Fixpoint once, or run the migration',
    );
  }
  const { rows } = await client.query<{ used: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM jobs) OR EXISTS (SELECT 1 FROM audit_events) AS used',
  );
  if (rows[0]?.used !== false)
    throw new RestoreRefused('database-not-empty', 'the database is in use: restore into an empty one');
  if (JSON.stringify(await migrationsOf(client)) !== JSON.stringify(index.migrations)) {
    const made = index.migrations.at(-1)?.name ?? 'none';
    throw new RestoreRefused(
      'backup-version-mismatch',
      `the backup is of the schema ${made}: restore it with the version that made it, then upgrade`,
    );
  }
}

async function loadTable(client: pg.Client, name: string, path: string): Promise<void> {
  const table = pg.escapeIdentifier(name);
  const insert = async (lines: readonly string[]) => {
    if (lines.length === 0) return;
    await client.query(
      `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`,
      [`[${lines.join(',')}]`],
    );
  };
  let waiting: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    waiting.push(line);
    if (waiting.length < 500) continue;
    await insert(waiting);
    waiting = [];
  }
  await insert(waiting);
}

/** Numbers go on after the largest that was loaded. */
async function setSequences(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(`
    SELECT table_name AS table, column_name AS column, pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence
    FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES'`);
  for (const { table, column, sequence } of rows) {
    const largest = `SELECT max(${pg.escapeIdentifier(column)}) FROM ${pg.escapeIdentifier(table)}`;
    await client.query(`SELECT setval($1, coalesce((${largest}), 0) + 1, false)`, [sequence]);
  }
}

/** So many problems are named; the verifier tells the others. */
const MOST_NAMED = 5;

/**
 * The log that was loaded, verified.
 * @throws RestoreRefused where its chain is broken or ends elsewhere, and where there are problems that were not to be accepted
 */
async function acceptedLog(client: pg.Client, index: BackupIndex, options: RestoreOptions): Promise<LoadedLog> {
  const loaded = await options.verify(chainOf(client));
  const { chained, problems, problemCount } = loaded;
  const named = problems.slice(0, MOST_NAMED).map(({ seq, reason }) => `event ${seq} ${reason}`);
  const more = problemCount > named.length ? [`and ${problemCount - named.length} more`] : [];
  const all = [...named, ...more].join('; ');
  if (!chained) throw new RestoreRefused('audit-chain-broken', `the chain of the audit log is broken: ${all}`);
  if (await endsElsewhere(client, index))
    throw new RestoreRefused('audit-chain-broken', 'the audit log does not end where the backup says');
  if (problemCount > 0 && options.despiteProblems !== true)
    throw new RestoreRefused('audit-log-invalid', `the audit log does not verify: ${all}`);
  return loaded;
}

async function endsElsewhere(client: pg.Client, { head }: BackupIndex): Promise<boolean> {
  const { rows } = await client.query<{ seq: string; hash: string }>(
    'SELECT seq, hash FROM audit_chain ORDER BY seq DESC LIMIT 1',
  );
  return (rows[0]?.hash ?? '') !== head.hash || Number(rows[0]?.seq ?? 0) !== head.seq;
}

async function* chainOf(client: pg.Client): AsyncGenerator<ChainedEvent> {
  for (let seq = 0; ;) {
    const { rows } = await client.query<ChainedEvent & { seq: string }>(
      `SELECT chain.seq, chain.prev_hash AS "prevHash", chain.hash, event.writer, event.bytes AS event
       FROM audit_chain chain JOIN audit_events event ON event.n = chain.event_n
       WHERE chain.seq > $1 ORDER BY chain.seq LIMIT 2000`,
      [seq],
    );
    for (const row of rows) yield { ...row, seq: Number(row.seq) };
    const last = rows.at(-1);
    if (!last) return;
    seq = Number(last.seq);
  }
}
