import { sql } from 'kysely';
import type { Standing } from '../../../ports/standing.js';
import { jsonOf } from '../json-of.js';
import { changesUnder } from '../jobs/judge-standing.js';
import type { Db } from '../schema.js';

export function createStanding(db: Db): Standing {
  return {
    async toJudge(limit) {
      const rows = await db
        .selectFrom('jobs')
        .innerJoin('schedules', 'schedules.id', 'jobs.schedule_id')
        .select('jobs.id')
        .where('jobs.state', '=', 'awaiting-approval')
        .where(sql<boolean>`${jsonOf('schedules.spec')} -> 'approval' ->> 'kind' = 'standing'`)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('standing_judgements')
                .select('standing_judgements.job_id')
                .whereRef('standing_judgements.job_id', '=', 'jobs.id')
                .whereRef('standing_judgements.plan_digest', '=', 'jobs.plan_digest'),
            ),
          ),
        )
        .orderBy('jobs.id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
    async isUsedUp({ id, instant }) {
      const granted = await db
        .selectFrom('standing_judgements')
        .select('jti')
        .where('schedule_id', '=', id)
        .where('instant', '=', instant)
        .where('jti', 'is not', null)
        .limit(1)
        .executeTakeFirst();
      return granted !== undefined;
    },
    used: (envelope, otherThan) => changesUnder(db, envelope, otherThan),
  };
}
