import type pg from 'pg';
import { randomUUID } from 'node:crypto';
import { STATES } from '../../../src/domain/job.js';
import { canonicalJson } from '../../../src/domain/canonical.js';
import type { Random } from '../../generative/random.js';
import { another, changed, paths } from './mutate.js';

export interface Column {
  readonly name: string;
  /** As PostgreSQL calls it. */
  readonly type: string;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
}

/** A row as the text of each column, null where it is null. */
export type Row = Readonly<Record<string, string | null>>;

/** The tables of the product with their columns and keys. */
export async function tablesOf(owner: pg.Client): Promise<ReadonlyMap<string, Table>> {
  const { rows } = await owner.query<Table>(
    `SELECT c.relname AS name,
       (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL)) ORDER BY a.attnum)
          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       coalesce((SELECT json_agg(a.attname) FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
          WHERE i.indrelid = c.oid AND i.indisprimary), '[]') AS key
     FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  );
  return new Map(rows.map((table) => [table.name, table]));
}

/** Rows of a table, of one job where a column says which, as text. */
export async function rowsOf(
  owner: pg.Client,
  table: Table,
  about?: { readonly job: string; readonly target: string },
) {
  const list = table.columns.map(({ name }) => `"${name}"::text`).join(', ');
  const has = (column: string) => table.columns.some(({ name }) => name === column);
  const [where, value] =
    table.name === 'jobs'
      ? ['id::text', about?.job]
      : table.name === 'targets'
        ? ['name', about?.target]
        : has('job_id')
          ? ['job_id::text', about?.job]
          : [undefined, undefined];
  const sql = `SELECT ${list} FROM "${table.name}"${where && value ? ` WHERE ${where} = $1` : ''} LIMIT 5`;
  return (await owner.query<Row>(sql, where && value ? [value] : [])).rows;
}

/** The statement that finds a row again by its key, with values from the number on. */
export function keyed(
  table: Table,
  row: Row,
  from: number,
): { readonly sql: string; readonly values: readonly unknown[] } {
  const key = table.key.length > 0 ? table.key : table.columns.map(({ name }) => name);
  const sql = key.map((name, i) => `"${name}"::text IS NOT DISTINCT FROM $${from + i}`).join(' AND ');
  return { sql, values: key.map((name) => row[name] ?? null) };
}

/** Another value of a column, as text. @param others what the same column holds in other rows */
export function otherValue(
  { name, type }: Column,
  value: string | null,
  others: readonly string[],
  random: Random,
): string | null {
  if (others.length > 0 && random.chance(0.3)) return random.pick(others);
  if (name === 'state' || name.endsWith('_state')) return random.pick(STATES);
  if (name === 'status') return random.pick(['pending', 'accepted', 'refused', 'in-force', 'revoked', 'open']);
  if (value !== null && random.chance(0.1)) return null;
  if (type === 'uuid') return randomUUID();
  if (type.startsWith('timestamp'))
    return new Date(Date.now() + random.pick([-1, 1]) * random.pick([1000, 3_600_000, 86_400_000])).toISOString();
  if (type === 'boolean') return value === 'true' ? 'false' : 'true';
  if (/^(bigint|integer|smallint|numeric|double precision)$/.test(type))
    return String(Number(value ?? 0) + random.pick([-1, 1, 7]));
  return otherText(value ?? '', random);
}

function otherText(text: string, random: Random): string {
  try {
    const parsed = JSON.parse(text) as unknown;
    if (typeof parsed === 'object' && parsed !== null)
      return canonicalJson(changed(parsed, random.pick(paths(parsed)), random));
  } catch {
    // No JSON: another text.
  }
  return String(another(text, random));
}
