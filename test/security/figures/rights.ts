import type pg from 'pg';
import { DATABASE_ROLES, type RecordRole } from '../../../src/adapters/postgres/install/roles.js';
import { connectEachRole } from '../../support/database-roles.js';
import { startTestProduct } from '../../support/product.js';
import { tally, type Amount, type Figure } from './figure.js';
import { given, TABLE_RIGHTS, type TableRight } from './given.js';

/** What no list of rights may ever give: right, table and column, and who alone may have it. A star is every table or column. */
const NEVER: readonly (readonly [TableRight, table: string, column: string, ...only: RecordRole[]])[] = [
  ['INSERT', 'grants', '*', 'authority'],
  ['UPDATE', 'grants', 'bytes'],
  ['UPDATE', 'grants', 'signature'],
  ['INSERT', 'decisions', '*', 'api'],
  ['INSERT', 'decisions', 'status'],
  ['UPDATE', 'decisions', 'status', 'authority'],
  ['UPDATE', 'decisions', 'person_id'],
  ['INSERT', 'grant_use', '*', 'worker'],
  ['DELETE', 'grant_use', '*'],
  ['INSERT', 'change_journal', '*', 'worker'],
  ['DELETE', 'change_journal', '*'],
  ['INSERT', 'audit_chain', '*', 'relay'],
  ...(['audit_events', 'audit_chain'] as const).flatMap((table) =>
    (['UPDATE', 'DELETE'] as const).map((right) => [right, table, '*'] as const),
  ),
  ['INSERT', 'audit_events', '*'],
  ['INSERT', 'tokens', '*'],
  ['SELECT', 'tokens', 'secret_sha256', 'api'],
  ...['requester_id', 'requester', 'reason', 'parameters', 'target', 'content_digest', 'kind', 'salt'].map(
    (column) => ['UPDATE', 'jobs', column] as const,
  ),
  ['INSERT', 'jobs', '*', 'api'],
  ['INSERT', 'allowed_moves', '*'],
  ['UPDATE', 'allowed_moves', '*'],
  ['INSERT', 'allowed_events', '*'],
  ['UPDATE', 'allowed_events', '*'],
];

/** Statements that nobody but the owner may run, whatever their rights on a table. */
const OWNERS = (table: string) => [
  `TRUNCATE ${table}`,
  `ALTER TABLE ${table} DISABLE TRIGGER USER`,
  `DROP TABLE ${table}`,
  `CREATE INDEX ON ${table} ((1))`,
  `CREATE TRIGGER forged BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()`,
];

function attempt(right: TableRight, table: string, column: string): string {
  const name = `"${column}"`;
  if (right === 'SELECT') return `SELECT ${name} FROM ${table} WHERE false`;
  if (right === 'INSERT') return `INSERT INTO ${table} (${name}) SELECT NULL WHERE false`;
  if (right === 'UPDATE') return `UPDATE ${table} SET ${name} = NULL WHERE false`;
  return `DELETE FROM ${table} WHERE false`;
}

/** Every role of the database × every table × every right and column, tried by a statement: what runs is listed, and nothing else. */
export async function rights(_: Amount): Promise<Figure> {
  const told = tally('rights of the database roles');
  const product = await startTestProduct({ workers: false });
  try {
    const clients = await connectEachRole(product);
    try {
      const columns = await columnsOf(clients.owner);
      for (const role of DATABASE_ROLES) {
        const client = clients.roles.get(role) as pg.Client;
        for (const [table, names] of columns) {
          for (const right of TABLE_RIGHTS) {
            const listed = given(role, right).get(table);
            for (const column of right === 'DELETE' ? ['*'] : names) {
              const may = listed?.has('*') === true || listed?.has(column) === true;
              const ran = await played(client, attempt(right, table, column));
              const never = forbidden(role, right, table, column);
              const what = `${role}: ${right} ${table}.${column}`;
              const wrong = ran === 'filled by the database' ? false : (ran === 'runs') !== may;
              told.add(wrong ? `${what} ${ran}, and is ${may ? '' : 'not '}listed` : undefined);
              told.add(ran === 'runs' && never ? `${what} must never run` : undefined);
            }
          }
          for (const sql of OWNERS(table))
            told.add((await played(client, sql)) === 'runs' ? `${role}: ${sql}` : undefined);
        }
      }
      return told.figure({ roles: DATABASE_ROLES.length, tables: columns.size });
    } finally {
      await clients.end();
    }
  } finally {
    await product.stop();
  }
}

function forbidden(role: RecordRole, right: TableRight, table: string, column: string): boolean {
  return NEVER.some(([of, on, name, ...only]) => {
    return of === right && on === table && (name === '*' || name === column) && !only.includes(role);
  });
}

async function columnsOf(owner: pg.Client): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await owner.query<{ table: string; columns: string[] }>(
    `SELECT c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relkind IN ('r', 'v', 'm', 'p') AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY 1`,
  );
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}

/** What the database makes of the statement; nothing of it stays. */
async function played(client: pg.Client, sql: string): Promise<'runs' | 'is refused' | 'filled by the database'> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    return 'runs';
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    if (code === '42501') return 'is refused';
    if (code === '428C9') return 'filled by the database';
    throw new Error(`${sql}: ${message}`, { cause: error });
  } finally {
    await client.query('ROLLBACK');
  }
}
