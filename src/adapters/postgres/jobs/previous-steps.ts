import { sql, type Kysely } from 'kysely';
import { canonicalJson, type ValueObject } from '../../../domain/canonical.js';
import type { State } from '../../../domain/job.js';
import type { PersonRef } from '../../../domain/people.js';
import type { PreviousSteps } from '../../../ports/previous-steps.js';
import type { Database } from '../schema.js';

/** What looked at the target or acted on it. Refused, expired and cancelled requests are no step. */
const STEPS: readonly State[] = ['compliant', 'succeeded', 'failed', 'rolled-back', 'rollback-failed'];

export function createPreviousSteps(db: Kysely<Database>): PreviousSteps {
  return {
    async list({ target, subject: { parameter, value }, limit }) {
      // Parameters are canonical JSON text: inside a string every quote is escaped, so this text is always a member. A cast to
      // jsonb would fail on a parameter with NUL.
      const member = canonicalJson({ [parameter]: value }).slice(1, -1);
      const rows = await db
        .selectFrom('jobs')
        .select(['id', 'runbook_id', 'state', 'outcome', 'parameters', 'requester', 'state_since'])
        .select((eb) =>
          eb
            .exists(
              eb
                .selectFrom('jobs as undo')
                .select('undo.id')
                .whereRef('undo.rollback_of', '=', 'jobs.id')
                .where('undo.state', '=', 'succeeded'),
            )
            .as('undone'),
        )
        .where('target_id', '=', target)
        .where('kind', '=', 'remediation')
        .where('state', 'in', STEPS)
        .where(sql<boolean>`strpos(parameters, ${member}) > 0`)
        .orderBy('state_since', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => {
        const { id, name } = JSON.parse(row.requester) as PersonRef;
        return {
          runbook: row.runbook_id,
          job: row.id,
          state: row.state as State,
          ...(row.outcome === null ? {} : { outcome: row.outcome }),
          undone: Boolean(row.undone),
          parameters: JSON.parse(row.parameters) as ValueObject,
          requester: { id, name },
          endedAt: row.state_since,
        };
      });
    },
  };
}
