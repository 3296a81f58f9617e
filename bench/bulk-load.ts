import type pg from 'pg';

/** For the load alone: the session's by SET, the server's by ALTER SYSTEM, both taken back before anything is measured. */
const SESSION = {
  session_replication_role: 'replica',
  synchronous_commit: 'off',
  work_mem: '256MB',
  maintenance_work_mem: '512MB',
};
const SERVER = { max_wal_size: '16GB', checkpoint_timeout: '1h', autovacuum: 'off' };

/**
 * Runs a load of a fresh record without triggers, keys, foreign keys and indexes, and makes them again from their own definitions
 * afterwards: PostgreSQL then checks every key and foreign key over all rows at once. The tables stay logged. Last come VACUUM,
 * ANALYZE and CHECKPOINT, so that none of this work is left over for what is measured.
 * @param client as the owner of the schema and of the server
 * @throws Error when the schema or a setting is not the same afterwards; a database whose load failed is not to be used
 */
export async function bulkLoad(client: pg.Client, load: () => Promise<void>): Promise<void> {
  const before = await schemaOf(client);
  const { keys, foreignKeys, indexes } = await whatSlowsDown(client);
  for (const [name, value] of Object.entries(SERVER)) await client.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await client.query('SELECT pg_reload_conf()');
  for (const [name, value] of Object.entries(SESSION)) await client.query(`SET ${name} = '${value}'`);
  for (const { table, name } of [...foreignKeys, ...keys])
    await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);

  await load();

  for (const { table, name, definition } of keys)
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  for (const { definition } of indexes) await client.query(definition);
  for (const { table, name, definition } of foreignKeys)
    await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
  await client.query('VACUUM (ANALYZE)');
  for (const name of Object.keys(SESSION)) await client.query(`RESET ${name}`);
  for (const name of Object.keys(SERVER)) await client.query(`ALTER SYSTEM RESET ${name}`);
  await client.query('SELECT pg_reload_conf()');
  await client.query('CHECKPOINT');
  const after = await schemaOf(client);
  const lost = before.filter((line) => !after.includes(line));
  const added = after.filter((line) => !before.includes(line));
  if (lost.length + added.length > 0)
    throw new Error(`the load changed the schema: ${JSON.stringify({ lost, added }, undefined, 1)}`);
}

interface Definition {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

async function whatSlowsDown(client: pg.Client) {
  const { rows: constraints } = await client.query<Definition & { type: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, contype AS type, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')`,
  );
  const { rows: indexes } = await client.query<Definition>(
    `SELECT indrelid::regclass::text AS table, indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
     FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)`,
  );
  return {
    keys: constraints.filter(({ type }) => type !== 'f'),
    foreignKeys: constraints.filter(({ type }) => type === 'f'),
    indexes,
  };
}

/** All that a load may not change, a line each: tables, columns, indexes, constraints, triggers (also those of foreign keys), settings of the server. */
async function schemaOf(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ line: string }>(`
    SELECT concat_ws(' ', 'relation', relname, relkind, relpersistence, reloptions) AS line
      FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity)
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
    UNION ALL SELECT concat_ws(' ', 'index', indexdef, indisvalid, indisready)
      FROM pg_indexes JOIN pg_index ON indexrelid = format('%I', indexname)::regclass WHERE schemaname = 'public'
    UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, contype, convalidated, conenforced, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgfoid::regproc, tgconstrrelid::regclass, tgtype, tgenabled, count(*))
      FROM pg_trigger GROUP BY tgrelid, tgfoid, tgconstrrelid, tgtype, tgenabled
    UNION ALL SELECT concat_ws(' ', 'setting', name, setting) FROM pg_file_settings WHERE sourcefile LIKE '%postgresql.auto.conf'`);
  return rows.map(({ line }) => line).sort();
}
