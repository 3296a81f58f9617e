import { sql } from 'kysely';
import type { Job } from '../../../domain/job.js';
import type { Write } from '../../../domain/move.js';
import type { Db } from '../schema.js';

/**
 * Writes what was made of a plan under a standing approval. Grants under one envelope wait for one another, so that no two of them
 * take its last change. @throws Error where it has none left by now: the plan is judged again
 */
export async function judgeStanding(tx: Db, job: Job, row: Extract<Write, { kind: 'standing' }>): Promise<void> {
  const { planDigest, firing, envelope, changes, jti, reasons } = row;
  if (envelope && jti !== undefined) {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${`fixpoint-standing ${envelope.sha256}`}))`.execute(tx);
    const used = await changesUnder(tx, envelope.sha256, job.id);
    if (used + changes > envelope.most) throw new Error('other grants under this standing approval came first');
  }
  await tx
    .insertInto('standing_judgements')
    .values({
      ...{ job_id: job.id, plan_digest: planDigest, schedule_id: firing.id, instant: firing.instant, changes },
      ...{ envelope: envelope?.sha256 ?? null, jti: jti ?? null, reasons: JSON.stringify(reasons) },
    })
    .execute();
}

/** The changes of the grants under an envelope, those of one job apart. */
export async function changesUnder(db: Db, envelope: string, otherThan: string): Promise<number> {
  const row = await db
    .selectFrom('standing_judgements')
    .select(({ fn }) => fn.sum<string | null>('changes').as('changes'))
    .where('envelope', '=', envelope)
    .where('jti', 'is not', null)
    .where('job_id', '<>', otherThan)
    .executeTakeFirst();
  return Number(row?.changes ?? 0);
}
