import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { Database } from '../schema.js';

/** Typed queries over one connection of the caller, inside the transaction that it has open. Nothing is closed by them. */
export function onClient(client: pg.ClientBase): Kysely<Database> {
  const leased = Object.assign(client, { release: () => undefined });
  const pool = { connect: () => Promise.resolve(leased), end: () => Promise.resolve() };
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
