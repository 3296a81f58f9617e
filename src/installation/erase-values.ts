import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { runningPostgres } from '../adapters/postgres/install/embedded.js';
import { withDatabase } from '../adapters/postgres/index.js';
import { eraseValues, findErasable, type Erasable } from '../adapters/postgres/registry/erase-values.js';
import type { Database } from '../adapters/postgres/schema.js';
import type { AuditEvent } from '../domain/audit.js';
import { searchForm } from '../domain/subjects.js';
import { utcText } from '../domain/time.js';
import { pinnedConnection } from '../platform/pg-client.js';
import type { Settings } from '../processes/compose.js';
import { databaseOf } from './backup-and-restore.js';

/** Which jobs: those about a subject, or one job. Each with its rollbacks. */
export type Which = { readonly subject: string } | { readonly job: string };

/** @throws Error when the database does not run */
export async function erasable(settings: Settings, which: Which): Promise<Erasable> {
  const wanted = 'job' in which ? which : { subject: searchForm(which.subject) };
  return withOwner(settings, (db) => findErasable(db, wanted));
}

/** Erases the values of these jobs; `reason` is kept in the audit log. @returns ids of what was erased */
export async function erase(settings: Settings, jobs: readonly string[], reason: string): Promise<readonly string[]> {
  return withOwner(settings, (db) => eraseValues(db, jobs, (job) => erasedEvent(job, reason)));
}

function erasedEvent(job: string, reason: string): AuditEvent {
  return {
    v: 1,
    eventId: uuidv7(),
    action: 'values.erased',
    outcome: 'success',
    at: utcText(new Date()),
    actor: { type: 'service', id: 'command-line', name: 'command line of this machine', roles: [] },
    job,
    target: null,
    data: { reason },
  };
}

/** The database as its owner: no process of Fixpoint may erase. */
async function withOwner<T>(settings: Settings, work: (db: Kysely<Database>) => Promise<T>): Promise<T> {
  const { home } = settings.config;
  const running = settings.secrets.adminUrl ?? (await runningPostgres(home));
  if (running === undefined)
    throw new Error(`The database of ${home} does not run. Start Fixpoint, or set DATABASE_URL.`);
  const pool = new pg.Pool({ ...pinnedConnection(withDatabase(running, databaseOf(settings))), max: 1 });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
