import type { AuditEvent } from '../../../domain/audit.js';
import { MOVED_BY_RESTORE, restored } from '../../../domain/moves.js';
import { fail, ok } from '../../../domain/result.js';
import { NO_ID } from '../ids.js';
import { transitionWithin } from '../jobs/transition.js';
import type { Db } from '../schema.js';

/** Ids that are read at once; the jobs themselves are read and moved one by one. */
const PAGE = 500;

/**
 * Moves the jobs that hold a grant as a restore must (`restored` in the domain), in the transaction that is open on `db`: one pass
 * over the jobs by id.
 * @throws Error when one cannot be moved: a job that holds a grant and no plan, for example, is no state of this product.
 */
export async function moveRestored(
  db: Db,
  eventOf: (action: 'job.unknown' | 'job.blocked', job: string, code: string) => AuditEvent,
): Promise<{ readonly unknown: number; readonly blocked: number }> {
  const count = { unknown: 0, blocked: 0 };
  for (let after = NO_ID; ;) {
    const page = await db
      .selectFrom('jobs')
      .select('id')
      .where('state', 'in', MOVED_BY_RESTORE)
      .where('grant_jti', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const { id } of page) {
      const moved = await transitionWithin(db, id, ({ job, now }) => {
        const move = restored(job, now, (action, { code }) => eventOf(action, id, code));
        return move ? ok(move) : fail({ kind: 'stays' } as const);
      });
      if (!moved.ok) throw new Error(`job ${id} was not moved: ${moved.error.kind}`);
      count[moved.value.state === 'unknown' ? 'unknown' : 'blocked'] += 1;
    }
    const last = page.at(-1);
    if (!last) return count;
    after = last.id;
  }
}
