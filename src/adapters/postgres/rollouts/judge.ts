import type { Kysely } from 'kysely';
import type { Judgement } from '../../../ports/rollouts.js';
import { append } from '../append-audit.js';
import type { Database } from '../schema.js';

/** A judgement with what follows from it: the grant, the status of the rollout, the nonce and the events, in one transaction. */
export function judgeDecision(db: Kysely<Database>, id: string, judgement: Judgement): Promise<boolean> {
  const { status, code = null, nonce, grant, rollout, events } = judgement;
  return db.transaction().execute(async (tx) => {
    const judged = await tx
      .updateTable('rollout_decisions')
      .set({ status, code })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .returning('rollout')
      .executeTakeFirst();
    if (!judged) return false;
    // What is refused may be refused because its nonce was used: it stays used.
    if (nonce !== undefined)
      await tx
        .insertInto('decision_nonces')
        .values({ nonce, decision: id })
        .$if(status === 'refused', (query) => query.onConflict((conflict) => conflict.doNothing()))
        .execute();
    if (grant) await tx.insertInto('rollout_grants').values(grant).execute();
    if (rollout)
      await tx
        .updateTable('rollouts')
        .set({ status: rollout.status, ending: rollout.ending ?? null })
        .where('id', '=', judged.rollout)
        .execute();
    for (const event of events) await append(tx, event);
    return true;
  });
}
