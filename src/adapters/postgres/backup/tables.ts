import type pg from 'pg';

/** What belongs to one installation and moment: messages are made anew from the jobs, the rest by the processes and the migration. */
const LEFT_OUT: readonly string[] = [
  'migrations',
  'outbox',
  'heartbeats',
  'refused_runbooks',
  'allowed_moves',
  'allowed_events',
];

export interface Table {
  readonly name: string;
  /** Columns of the primary key, in order: rows are kept in that order, so that older ones come first. */
  readonly key: readonly string[];
}

export interface Migration {
  readonly name: string;
  readonly sha256: string;
}

/** The tables of the database, each after those that it refers to. */
export async function tablesOf(client: pg.ClientBase): Promise<readonly Table[]> {
  const { rows } = await client.query<{ name: string; key: string[]; needs: string[] }>(`
    SELECT class.relname AS name,
      ARRAY(SELECT attribute.attname::text FROM pg_index index
            CROSS JOIN LATERAL unnest(index.indkey::int[]) WITH ORDINALITY AS place (number, at)
            JOIN pg_attribute attribute ON attribute.attrelid = class.oid AND attribute.attnum = place.number
            WHERE index.indrelid = class.oid AND index.indisprimary ORDER BY place.at) AS key,
      ARRAY(SELECT other.relname::text FROM pg_constraint con JOIN pg_class other ON other.oid = con.confrelid
            WHERE con.conrelid = class.oid AND con.contype = 'f' AND con.confrelid <> class.oid) AS needs
    FROM pg_class class WHERE class.relkind = 'r' AND class.relnamespace = 'public'::regnamespace ORDER BY 1`);
  const left = rows.filter(({ name }) => !LEFT_OUT.includes(name));
  const sorted: Table[] = [];
  while (sorted.length < left.length) {
    const placed = (name: string) => sorted.some((table) => table.name === name);
    const ready = left.filter((table) => !placed(table.name) && table.needs.every(placed));
    if (ready.length === 0) throw new Error('the tables of the database refer to each other in a circle');
    sorted.push(...ready.map(({ name, key }) => ({ name, key })));
  }
  return sorted;
}

export async function migrationsOf(client: pg.ClientBase): Promise<readonly Migration[]> {
  return (await client.query<Migration>('SELECT name, sha256 FROM migrations ORDER BY name')).rows;
}
