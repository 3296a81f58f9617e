import { sql, type Kysely } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import type { Job, MadePlan } from '../../../domain/job.js';
import type { Write } from '../../../domain/move.js';
import { releaseLocks, Refused, joinLockQueue, takeLocks } from './locks.js';
import type { Database } from '../schema.js';
import { judgeStanding } from './judge-standing.js';

type Tx = Kysely<Database>;

export async function storePlan(tx: Tx, job: string, plan: MadePlan): Promise<void> {
  await tx
    .insertInto('plans')
    .values({
      job_id: job,
      digest: plan.digest,
      bytes: plan.bytes,
      risk: plan.risk,
      approvals_required: plan.approvalsRequired,
      credential_scope: plan.credentialScope,
      made_at: plan.madeAt,
      expires_at: plan.expiresAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['job_id', 'digest']).doUpdateSet({
        made_at: plan.madeAt,
        expires_at: plan.expiresAt,
        credential_scope: plan.credentialScope,
      }),
    )
    .execute();
}

/** One row of a move, in its transaction. `epoch` is the job's after the move. */
export async function write(tx: Tx, job: Job, epoch: number, row: Write): Promise<void> {
  switch (row.kind) {
    case 'decision': {
      const inserted = await tx
        .insertInto('decisions')
        .values({
          id: row.row.id,
          job_id: job.id,
          plan_digest: row.row.planDigest,
          decision: row.row.decision,
          person_id: row.row.person.id,
          person: canonicalJson(row.row.person),
          reason: row.row.reason,
          execute_by: row.row.executeBy ?? null,
          on_failure: row.row.onFailure ?? null,
          proof: canonicalJson(row.row.proof),
          decided_at: row.row.decidedAt,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (inserted.numInsertedOrUpdatedRows === 0n) throw new Refused({ kind: 'already-decided' });
      return;
    }
    case 'judge':
      await tx
        .updateTable('decisions')
        .set({ status: row.status, code: row.code ?? null })
        .where('id', '=', row.decision)
        .execute();
      // What is refused may be refused because its nonce was used: it stays used.
      if (row.nonce !== undefined)
        await tx
          .insertInto('decision_nonces')
          .values({ nonce: row.nonce, decision: row.decision })
          .$if(row.status === 'refused', (query) => query.onConflict((conflict) => conflict.doNothing()))
          .execute();
      return;
    case 'grant':
      await tx
        .insertInto('grants')
        .values({
          jti: row.grant.jti,
          job_id: job.id,
          bytes: row.grant.bytes,
          signature: row.grant.signature,
          kid: row.grant.kid,
          revoked_at: null,
        })
        .execute();
      return;
    case 'standing':
      return judgeStanding(tx, job, row);
    case 'revoke-grant':
      await tx
        .updateTable('grants')
        .set({ revoked_at: sql`now()` })
        .where('jti', '=', row.jti)
        .execute();
      return;
    case 'grant-use': {
      const used = await tx
        .insertInto('grant_use')
        .values({ jti: row.jti, job_id: job.id, epoch })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (used.numInsertedOrUpdatedRows === 0n) throw new Refused({ kind: 'grant-used' });
      return;
    }
    case 'lock':
      return takeLocks(tx, job.id, row.keys);
    case 'wait-for-lock':
      return joinLockQueue(tx, job.id, row.keys);
    case 'unlock':
      return releaseLocks(tx, job.id);
    case 'intent':
      await tx
        .insertInto('change_journal')
        .values({
          job_id: job.id,
          change_id: row.changeId,
          direction: row.direction,
          attempt: row.attempt,
          epoch,
          result: null,
          result_at: null,
          backup_ref: null,
          code: null,
          detail: null,
        })
        .execute();
      return;
    case 'result': {
      const heard = await tx
        .updateTable('change_journal')
        .set({
          result: row.result,
          result_at: sql`clock_timestamp()`,
          code: row.code ?? null,
          detail: row.detail ?? null,
          ...(row.backupRef === undefined ? {} : { backup_ref: row.backupRef }),
        })
        .where('job_id', '=', job.id)
        .where('change_id', '=', row.changeId)
        .where('direction', '=', row.direction)
        .where('attempt', '=', row.attempt)
        .where('result', 'is', null)
        .executeTakeFirst();
      if (heard.numUpdatedRows === 1n) return;
      // A change found in place without any attempt of ours has no intent to answer.
      if (row.attempt !== 0) throw new Error(`no open intent for ${row.changeId}`);
      await tx
        .insertInto('change_journal')
        .values({
          job_id: job.id,
          change_id: row.changeId,
          direction: row.direction,
          attempt: 0,
          epoch,
          result: row.result,
          result_at: sql`clock_timestamp()`,
          backup_ref: null,
          code: null,
          detail: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
    }
  }
}
