import { sql } from 'kysely';
import type pg from 'pg';
import type { AuditAction, AuditEvent } from '../../../domain/audit.js';
import type { ValueObject } from '../../../domain/canonical.js';
import { isTerminal, STATES } from '../../../domain/job.js';
import type { SignedRestore } from '../../../domain/restore-statement.js';
import { utcText } from '../../../domain/time.js';
import { append } from '../append-audit.js';
import { v7 as newId } from '../ids.js';
import type { Db } from '../schema.js';
import type { BackupIndex } from './dump.js';
import { moveRestored } from './move-restored.js';
import { onClient } from './on-client.js';
import { revokeGrants } from './revoke-grants.js';

/** What a restore did to the unfinished work. */
export interface Restored {
  readonly madeAt: string;
  readonly head: BackupIndex['head'];
  /** Jobs that ran: they are looked at before anything else. */
  readonly unknown: number;
  /** Jobs that were granted and did not run: nothing is run for them any more. */
  readonly blocked: number;
  readonly revokedGrants: number;
  readonly refusedDecisions: number;
  readonly revokedTokens: number;
  /** How many problems the audit log of the backup has: it was restored despite them. */
  readonly problems: number;
}

/** The log that was loaded: how many problems it has, and that its restore was signed. */
export interface Accepted {
  readonly problems: number;
  readonly signed: SignedRestore;
}

const CODE = 'database-restored';

/**
 * Since the backup, unfinished work may have been done, undone or done again, and the database does not know. So: what ran is
 * `unknown` and is reconciled by checking the target; no grant and no decision from before counts any more; no token signs in.
 * Every one of these is audited, in the transaction of the restore.
 */
export async function afterRestore(
  client: pg.ClientBase,
  index: BackupIndex,
  { problems, signed: { signature, kid } }: Accepted,
): Promise<Restored> {
  const db = onClient(client);
  const revokedGrants = await revokeGrants(db, (job, jti) => eventOf('grant.revoked', job, { jti, code: CODE }));
  // Only queued jobs wait for a lock, and all of those are blocked below: no lock that one gives up has a next job.
  await db.deleteFrom('lock_waiters').execute();
  const moved = await moveRestored(db, (action, job, code) => eventOf(action, job, { code }));
  await lookSoon(db);
  const restored: Restored = {
    madeAt: index.madeAt,
    head: index.head,
    ...moved,
    revokedGrants,
    refusedDecisions: await refuseDecisions(db),
    revokedTokens: await revokeTokens(db),
    problems,
  };
  await append(db, eventOf('record.restored', null, { ...restored, head: { ...restored.head }, signature, kid }));
  return restored;
}

/** Everything that lives is looked at soon, whatever its timer said. */
async function lookSoon(db: Db): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ wake_at: sql<Date>`now()` })
    .where('state', 'not in', STATES.filter(isTerminal))
    .where('wake_at', 'is not', null)
    .execute();
}

async function refuseDecisions(db: Db): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('decisions')
    .from('jobs')
    .set({ status: 'refused', code: CODE })
    .whereRef('jobs.id', '=', 'decisions.job_id')
    .where('jobs.state', '=', 'awaiting-approval')
    .where('status', '<>', 'refused')
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

async function revokeTokens(db: Db): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('tokens')
    .set({ revoked_at: sql<Date>`now()` })
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

function eventOf(action: AuditAction, job: string | null, data: ValueObject): AuditEvent {
  return {
    v: 1,
    eventId: newId(),
    action,
    outcome: action === 'job.unknown' ? 'unknown' : 'success',
    at: utcText(new Date()),
    actor: { type: 'service', id: 'restore', name: 'restore from a backup', roles: [] },
    job,
    target: null,
    data,
  };
}
