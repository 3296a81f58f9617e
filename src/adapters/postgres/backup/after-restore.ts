import type pg from 'pg';
import { auditBytes, type AuditAction, type AuditEvent } from '../../../domain/audit.js';
import { isTerminal, canTransition, STATES, type State } from '../../../domain/job.js';
import { canonicalJson, type ValueObject } from '../../../domain/canonical.js';
import { utcText } from '../../../domain/time.js';
import { v7 as newId } from '../ids.js';
import type { BackupIndex } from './dump.js';

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
}

const CODE = 'database-restored';
const INTERRUPTED: readonly State[] = ['running', 'rolling-back'];
const GRANTED: readonly State[] = ['queued', 'deferred'];

/**
 * Since the backup, unfinished work may have been done, undone or done again, and the database does not know. So: what ran is
 * `unknown` and is reconciled by checking the target; no grant and no decision from before counts any more; no token signs in.
 * Every one of these is audited, in the transaction of the restore.
 */
export async function afterRestore(client: pg.ClientBase, index: BackupIndex): Promise<Restored> {
  const grants = await revokeGrants(client);
  const unknown = await move(client, INTERRUPTED, 'unknown');
  const blocked = await move(client, GRANTED, 'blocked');
  // Everything that lives is looked at soon, whatever its timer said.
  const ends = STATES.filter(isTerminal);
  await client.query('UPDATE jobs SET wake_at = now() WHERE NOT state = ANY ($1) AND wake_at IS NOT NULL', [ends]);
  const decisions = await client.query(
    `UPDATE decisions SET status = 'refused', code = $1 FROM jobs
     WHERE jobs.id = job_id AND jobs.state = 'awaiting-approval' AND status <> 'refused'`,
    [CODE],
  );
  const tokens = await client.query('UPDATE tokens SET revoked_at = now() WHERE revoked_at IS NULL');
  const restored: Restored = {
    madeAt: index.madeAt,
    head: index.head,
    unknown,
    blocked,
    revokedGrants: grants,
    refusedDecisions: decisions.rowCount ?? 0,
    revokedTokens: tokens.rowCount ?? 0,
  };
  await audit(client, 'record.restored', null, restored as unknown as ValueObject);
  return restored;
}

/** The grants of all jobs that have not ended: those that were used after the backup look unused here. */
async function revokeGrants(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ jti: string; job_id: string }>(
    `UPDATE grants SET revoked_at = now() FROM jobs
     WHERE jobs.id = grants.job_id AND NOT jobs.state = ANY ($1) AND revoked_at IS NULL RETURNING jti, job_id`,
    [STATES.filter(isTerminal)],
  );
  for (const { jti, job_id: job } of rows) await audit(client, 'grant.revoked', job, { jti, code: CODE });
  return rows.length;
}

async function move(client: pg.ClientBase, from: readonly State[], to: 'unknown' | 'blocked'): Promise<number> {
  for (const state of from) if (!canTransition(state, to)) throw new Error(`${state} does not lead to ${to}`);
  const { rows } = await client.query<{ id: string }>(
    `UPDATE jobs SET state = $2, code = $3, state_since = now(), epoch = epoch + 1, lease_until = NULL, next_try_at = NULL,
       until = NULL, wake_at = CASE WHEN $2 = 'unknown' THEN now() END, revision = revision + 1,
       detail = 'the database was restored from a backup while this job was active'
     WHERE state = ANY ($1) AND grant_jti IS NOT NULL RETURNING id`,
    [from, to, CODE],
  );
  for (const { id } of rows) {
    if (to === 'blocked') {
      await client.query('DELETE FROM object_locks WHERE job_id = $1', [id]);
      await client.query('DELETE FROM lock_waiters WHERE job_id = $1', [id]);
    }
    await audit(client, `job.${to}`, id, { code: CODE });
    const body = canonicalJson({ state: to, code: CODE, facts: [`job.${to}`] });
    await client.query(`INSERT INTO job_events (job_id, kind, body) VALUES ($1, 'state', $2)`, [id, body]);
  }
  return rows.length;
}

async function audit(client: pg.ClientBase, action: AuditAction, job: string | null, data: ValueObject): Promise<void> {
  const event: AuditEvent = {
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
  await client.query('SELECT audit_append($1)', [auditBytes(event)]);
}
