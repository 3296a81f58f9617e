import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { pinnedConnection } from '../../../platform/pg-client.js';
import { EVENT_WRITERS } from '../../../domain/audit-writers.js';
import { WHO_MOVES, type Mover } from '../../../domain/who-moves.js';
import { connectionLimit } from './connection-limits.js';
import { GRANTS, DATABASE_ROLES, roleName, type LoginRole } from './roles.js';

/** The functions that write with the rights of the owner. */
const WRITING = ['audit_append', 'issue_token'] as const;

const FOLDER = new URL('../migrations/', import.meta.url);

export interface MigrateOptions {
  /** A role that may create databases and roles. */
  readonly adminUrl: string;
  /** Name of the database. The queue's is `<name>_queue`. */
  readonly database: string;
  /** Password per login role; set at each run. */
  readonly passwords: Readonly<Record<LoginRole, string>>;
  /** Whether the whole server is the product's, so that its other databases may be closed to everybody. Default false. */
  readonly ownServer?: boolean;
}

/** Databases of a new server into which every role may sign in. */
const OF_EVERY_SERVER = ['postgres', 'template1'] as const;

/**
 * Makes the two databases, the login roles and the schema, and brings an older schema up to date. Safe to run again and at the
 * same time as another run: one advisory lock, one transaction.
 * @throws Error when a migration that was applied has other text now, or when the server would acknowledge before it is durable.
 */
export async function migrate({ adminUrl, database, passwords, ownServer = false }: MigrateOptions): Promise<void> {
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(database)) throw new Error(`not a database name: ${database}`);
  await withClient(adminUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', ['fixpoint-migrate']);
    const commit = await admin.query<{ synchronous_commit: string }>('SHOW synchronous_commit');
    if (commit.rows[0]?.synchronous_commit === 'off') {
      throw new Error('synchronous_commit is off: what is acknowledged could be lost. Turn it on.');
    }
    const most = await admin.query<{ max_connections: string }>('SHOW max_connections');
    const limitOf = (role: LoginRole) => connectionLimit(role, Number(most.rows[0]?.max_connections));
    for (const role of [...DATABASE_ROLES, 'queue'] as const)
      await ensureRole(admin, role, passwords[role], limitOf(role));
    await ensureDatabase(admin, database);
    await ensureDatabase(admin, `${database}_queue`, roleName('queue'));
    const roles = DATABASE_ROLES.map(roleName).join(', ');
    await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${roles}`);
    await admin.query(`REVOKE ALL ON DATABASE ${database}_queue FROM PUBLIC`);
    // Of a server with other databases, what their users may do is not ours to say.
    if (ownServer) for (const name of OF_EVERY_SERVER) await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
    await withClient(withDatabase(adminUrl, database), migrateSchema);
  });
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

async function migrateSchema(client: pg.Client): Promise<void> {
  await client.query('BEGIN');
  await client.query('CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, sha256 text NOT NULL)');
  await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  const applied = new Map(
    (await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM migrations')).rows.map((row) => [
      row.name,
      row.sha256,
    ]),
  );
  for (const name of (await readdir(fileURLToPath(FOLDER))).filter((file) => file.endsWith('.sql')).sort()) {
    const text = await readFile(new URL(name, FOLDER), 'utf8');
    const digest = createHash('sha256').update(text).digest('hex');
    const known = applied.get(name);
    if (known !== undefined && known !== digest) throw new Error(`migration ${name} was applied with another text`);
    if (known !== undefined) continue;
    await client.query(text);
    await client.query('INSERT INTO migrations (name, sha256) VALUES ($1, $2)', [name, digest]);
  }
  await writeAllowedMoves(client);
  await writeAllowedEvents(client);
  await client.query('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC');
  for (const name of WRITING) await client.query(`REVOKE ALL ON FUNCTION ${name} FROM PUBLIC`);
  for (const role of DATABASE_ROLES) {
    const name = roleName(role);
    await client.query(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${name}`);
    await client.query(`GRANT USAGE ON SCHEMA public TO ${name}`);
    await client.query(`GRANT EXECUTE ON FUNCTION audit_append(text) TO ${name}`);
    for (const grant of GRANTS[role]) await client.query(grant.replace('%s', name));
  }
  await client.query('COMMIT');
}

/** What the database enforces is the product's own table. */
async function writeAllowedMoves(client: pg.Client): Promise<void> {
  const rows = Object.entries(WHO_MOVES).flatMap(([from, moves]) =>
    Object.entries(moves).flatMap(([to, movers]: [string, readonly Mover[]]) =>
      movers.map((mover) => [from, to, roleName(mover)] as const),
    ),
  );
  await client.query('DELETE FROM allowed_moves');
  await client.query('INSERT INTO allowed_moves SELECT * FROM unnest($1::text[], $2::text[], $3::text[])', [
    rows.map(([from]) => from),
    rows.map(([, to]) => to),
    rows.map(([, , writer]) => writer),
  ]);
}

async function writeAllowedEvents(client: pg.Client): Promise<void> {
  const rows = Object.entries(EVENT_WRITERS).flatMap(([action, writers]) =>
    writers.flatMap((writer) => (writer === 'owner' ? [] : [[action, roleName(writer)] as const])),
  );
  await client.query('DELETE FROM allowed_events');
  await client.query('INSERT INTO allowed_events SELECT * FROM unnest($1::text[], $2::text[])', [
    rows.map(([action]) => action),
    rows.map(([, writer]) => writer),
  ]);
}

async function ensureRole(admin: pg.Client, role: LoginRole, password: string, limit: number): Promise<void> {
  const name = roleName(role);
  const known = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  const secret = admin.escapeLiteral(password);
  const options = `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT ${limit} PASSWORD ${secret}`;
  await admin.query(`${known.rowCount ? 'ALTER' : 'CREATE'} ROLE ${name} ${options}`);
}

async function ensureDatabase(admin: pg.Client, name: string, owner?: string): Promise<void> {
  const known = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (known.rowCount) return;
  await admin.query(`CREATE DATABASE ${name} ${owner ? `OWNER ${owner}` : ''}`);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(pinnedConnection(url));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
