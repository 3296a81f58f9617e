import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { sha256 } from '../../../domain/digest.js';
import { pinnedConnection } from '../../../platform/pg-client.js';
import { DATABASE_ROLES, roleName, type LoginRole } from './roles.js';

const FOLDER = new URL('../migrations/', import.meta.url);

/** What each right that carries the product's promises belongs to; nobody else may hold it. Of jobs each role has rights on columns alone. */
const ONLY: readonly (readonly [table: string, right: 'INSERT' | 'UPDATE' | 'DELETE', roles: readonly LoginRole[]])[] =
  [
    ['grants', 'INSERT', ['authority']],
    ['grants', 'DELETE', []],
    ['grant_use', 'INSERT', ['worker']],
    ['grant_use', 'DELETE', []],
    ['change_journal', 'INSERT', ['worker']],
    ['change_journal', 'DELETE', []],
    // Of these the API has rights on columns alone: whether they count is for authority to say.
    ['decisions', 'INSERT', []],
    ...(['INSERT', 'DELETE'] as const).map((right) => ['person_keys', right, []] as const),
    ['admission_requests', 'INSERT', []],
    ['admission_votes', 'INSERT', []],
    ...(['INSERT', 'UPDATE', 'DELETE'] as const).map((right) => ['jobs', right, []] as const),
    ...(['INSERT', 'DELETE'] as const).map((right) => ['tokens', right, []] as const),
    ['allowed_moves', 'INSERT', []],
    ['allowed_events', 'INSERT', []],
    ['runbook_bundles', 'INSERT', ['api', 'authority']],
    ['runbook_bundles', 'UPDATE', []],
    ['runbooks', 'INSERT', ['authority']],
    ['runbooks', 'UPDATE', ['authority']],
    ['admissions', 'INSERT', ['authority']],
    ['admissions', 'UPDATE', []],
    ['admissions', 'DELETE', []],
    ['audit_chain', 'INSERT', ['relay']],
    ['audit_chain', 'UPDATE', []],
    ['audit_chain', 'DELETE', []],
    ['audit_events', 'INSERT', []],
    ['audit_events', 'UPDATE', []],
    ['audit_events', 'DELETE', []],
  ];

export interface ServerFacts {
  readonly now: Date;
  /** `undefined` where this role may not read them. */
  readonly migrations: { readonly missing: readonly string[]; readonly foreign: readonly string[] } | undefined;
  readonly missingRoles: readonly string[];
  /** Each right that somebody has or lacks against the rules, in words. */
  readonly tooWide: readonly string[];
  readonly tooNarrow: readonly string[];
  /** Events that are neither in the chain nor on the list of those to come. */
  readonly neverChained: number;
}

/** A living job that has been in its state beyond the bound of that state. */
export interface StuckJob {
  readonly id: string;
  readonly state: string;
  readonly code: string | null;
  readonly sinceS: number;
}

/** Looks at the server as any role that may read the database. @throws Error of pg when it cannot be reached. */
export async function inspectServer(url: string): Promise<{ server: ServerFacts; stuck: readonly StuckJob[] }> {
  const client = new pg.Client({ ...pinnedConnection(url), connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    const { rows: missed } = await client.query<{ count: string }>(
      `SELECT (SELECT count(*) FROM audit_events) - (SELECT count(*) FROM audit_chain)
            - (SELECT count(*) FROM audit_unchained) AS count`,
    );
    return {
      server: {
        now: rows[0]?.now ?? new Date(Number.NaN),
        migrations: await migrations(client),
        neverChained: Number(missed[0]?.count ?? 0),
        ...(await rights(client)),
      },
      stuck: await stuckJobs(client),
    };
  } finally {
    await client.end();
  }
}

async function migrations(client: pg.Client): Promise<ServerFacts['migrations']> {
  const files = (await readdir(fileURLToPath(FOLDER))).filter((file) => file.endsWith('.sql')).sort();
  const known = new Map<string, string>();
  for (const file of files) known.set(file, sha256(await readFile(new URL(file, FOLDER), 'utf8')));
  try {
    const { rows } = await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM migrations');
    return {
      missing: files.filter((file) => !rows.some(({ name }) => name === file)),
      foreign: rows.filter(({ name, sha256 }) => known.get(name) !== sha256).map(({ name }) => name),
    };
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return undefined;
    throw error;
  }
}

async function rights(client: pg.Client): Promise<Pick<ServerFacts, 'missingRoles' | 'tooWide' | 'tooNarrow'>> {
  const names = ([...DATABASE_ROLES, 'queue'] as const).map(roleName);
  const { rows } = await client.query<{ rolname: string; mighty: boolean; unlimited: boolean }>(
    `SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls AS mighty, rolconnlimit = -1 AS unlimited
     FROM pg_roles WHERE rolname = ANY ($1)`,
    [names],
  );
  const there = rows.map(({ rolname }) => rolname);
  const tooWide = [
    ...rows.filter(({ mighty }) => mighty).map(({ rolname }) => `${rolname} may do more than sign in`),
    ...rows.filter(({ unlimited }) => unlimited).map(({ rolname }) => `${rolname} has no connection limit`),
  ];
  const tooNarrow: string[] = [];
  const ask = async (question: string, values: readonly string[]) =>
    (await client.query<{ yes: boolean }>(`SELECT ${question} AS yes`, [...values])).rows[0]?.yes === true;
  for (const role of DATABASE_ROLES.filter((each) => there.includes(roleName(each)))) {
    for (const [table, right, roles] of ONLY) {
      const may = await ask('has_table_privilege($1, $2, $3)', [roleName(role), table, right]);
      if (may && !roles.includes(role)) tooWide.push(`${roleName(role)} may ${right} ${table}`);
      if (!may && roles.includes(role)) tooNarrow.push(`${roleName(role)} may not ${right} ${table}`);
    }
  }
  const queue = roleName('queue');
  if (there.includes(queue)) {
    if (await ask(`has_database_privilege($1, current_database(), 'CONNECT')`, [queue]))
      tooWide.push(`${queue} may connect to the database`);
    const { rows: tables } = await client.query<{ tablename: string }>(
      `SELECT relname AS tablename FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
         AND has_table_privilege($1, oid, 'SELECT, INSERT, UPDATE, DELETE')`,
      [queue],
    );
    for (const { tablename } of tables) tooWide.push(`${queue} has rights on ${tablename}`);
  }
  return { missingRoles: names.filter((name) => !there.includes(name)), tooWide, tooNarrow };
}

/** The bounds are generous: what is here has surely not been looked at by a worker. A freeze holds planning, claims and next tries. */
async function stuckJobs(client: pg.Client): Promise<readonly StuckJob[]> {
  const { rows } = await client.query<StuckJob>(`
    SELECT id, state, code, extract(epoch FROM clock_timestamp() - state_since)::float8 AS "sinceS" FROM jobs
    WHERE (state = 'planning' AND state_since < now() - interval '10 minutes' AND NOT EXISTS (SELECT 1 FROM global_freeze))
       OR (state = 'queued' AND execute_by < now() - interval '2 minutes' AND NOT EXISTS (SELECT 1 FROM global_freeze))
       OR (state IN ('running', 'rolling-back') AND lease_until < now() - interval '2 minutes')
       OR (state = 'unknown' AND state_since < now() - interval '15 minutes')
       OR (state = 'waiting' AND next_try_at < now() - interval '5 minutes')
       OR (state = 'deferred' AND next_try_at < now() - interval '5 minutes' AND NOT EXISTS (SELECT 1 FROM global_freeze))
       OR state = 'needs-attention'
    ORDER BY state_since LIMIT 50`);
  return rows;
}
