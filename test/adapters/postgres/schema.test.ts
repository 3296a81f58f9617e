import { expect, it } from '@jest/globals';
import pg from 'pg';
import { withScratchPostgres } from '../../../bench/scratch-postgres.js';
import { migrate, withDatabase } from '../../../src/adapters/postgres/index.js';
import { typedColumns } from './typed-columns.js';

/** What node-postgres returns for a column of this type: one of these, as TypeScript writes it. */
const READ_AS: Readonly<Record<string, readonly string[]>> = {
  text: ['string'],
  uuid: ['string'],
  // The driver returns a bigint as a string; code may compare the column with a number.
  bigint: ['string', 'string | number'],
  integer: ['number'],
  'double precision': ['number'],
  boolean: ['boolean'],
  'timestamp with time zone': ['Date'],
  'text[]': ['string[]'],
};

const COLUMNS = `
  SELECT relname || '.' || attname AS name, format_type(atttypid, atttypmod) AS type, NOT attnotnull AS nullable,
         CASE WHEN attidentity = 'a' THEN 'never' WHEN atthasdef OR NOT attnotnull THEN 'optional' ELSE 'required' END AS insert
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND relname <> 'migrations'`;

interface LiveColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly insert: string;
}

async function liveColumns(): Promise<readonly LiveColumn[]> {
  return withScratchPostgres('schema-test', async (adminUrl) => {
    const passwords = { api: 'a', authority: 'a', relay: 'a', worker: 'a', queue: 'a' };
    await migrate({ adminUrl, database: 'fixpoint', passwords });
    const client = new pg.Client({ connectionString: withDatabase(adminUrl, 'fixpoint') });
    await client.connect();
    try {
      return (await client.query<LiveColumn>(COLUMNS)).rows;
    } finally {
      await client.end();
    }
  });
}

it('the table types name the tables and columns of the migrated database, with their types, nulls and defaults', async () => {
  const typed = typedColumns('src/adapters/postgres/schema.ts');
  const live = await liveColumns();
  const described = live.map(({ name, type, nullable, insert }) => {
    const allowed = READ_AS[type] ?? [`a type for ${type}`];
    const read = typed.get(name)?.type ?? 'no column';
    return [name, { type: allowed.includes(read) ? read : allowed.join(' or '), nullable, insert }];
  });
  expect(Object.fromEntries(typed)).toEqual(Object.fromEntries(described));
});
