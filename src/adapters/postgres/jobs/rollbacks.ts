import type { Kysely } from 'kysely';
import { isTerminal, STATES } from '../../../domain/job.js';
import type { Rollbacks } from '../../../ports/rollbacks.js';
import type { Database } from '../schema.js';

export function createRollbacks(db: Kysely<Database>): Rollbacks {
  const ends = STATES.filter(isTerminal);
  return {
    async isOpen(job) {
      const found = await db
        .selectFrom('jobs')
        .select('id')
        .where('rollback_of', '=', job)
        .where('state', 'not in', ends)
        .limit(1)
        .executeTakeFirst();
      return found !== undefined;
    },
    async doneBy(job) {
      const found = await db
        .selectFrom('jobs')
        .select('id')
        .where('rollback_of', '=', job)
        .where('state', '=', 'succeeded')
        .limit(1)
        .executeTakeFirst();
      return found?.id;
    },
  };
}
