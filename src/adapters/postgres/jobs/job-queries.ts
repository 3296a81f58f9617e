import { idsFrom } from '../../../domain/uuid.js';
import type { State } from '../../../domain/job.js';
import type { PersonRef } from '../../../domain/people.js';
import type { Target } from '../../../domain/target.js';
import type { Db } from '../schema.js';
import type { JobQueries } from '../../../ports/job-queries.js';
import { jobOf, planOf } from './job-row.js';
import { jobsByIds } from './jobs-by-ids.js';
import { anyUuid, idFrom, idUntil } from '../ids.js';

export function createJobQueries(db: Db): JobQueries {
  return {
    async list(filter) {
      const { id, state, runbook, target, targetName, ticket, requester } = filter;
      const { submittedFrom, submittedTo, before, limit } = filter;
      const ids = id === undefined ? undefined : idsFrom(id);
      if (id !== undefined && ids === undefined) return [];
      let query = db.selectFrom('jobs').selectAll().orderBy('id', 'desc').limit(limit);
      if (ids) query = query.where('id', '>=', ids[0]).where('id', '<=', ids[1]);
      if (ticket !== undefined) query = query.where('ticket', '=', ticket);
      if (state !== undefined) query = query.where('state', '=', state);
      if (runbook !== undefined) query = query.where('runbook_id', '=', runbook);
      if (target !== undefined) query = query.where('target_id', '=', target);
      if (targetName !== undefined) query = query.where('target_name', '=', targetName);
      if (requester !== undefined) query = query.where('requester_id', '=', requester);
      // The id bounds what is read: without it an old time would be looked for through all newer jobs.
      if (submittedFrom !== undefined)
        query = query.where('submitted_at', '>=', submittedFrom).where('id', '>=', idFrom(submittedFrom));
      if (submittedTo !== undefined)
        query = query.where('submitted_at', '<', submittedTo).where('id', '<', idUntil(submittedTo));
      if (before !== undefined) query = query.where('id', '<', before);
      const rows = await query.execute();
      const digests = rows.flatMap((row) => (row.plan_digest === null ? [] : [row.id]));
      const plans =
        digests.length === 0
          ? []
          : await db.selectFrom('plans').selectAll().where('job_id', '=', anyUuid(digests)).execute();
      return rows.map((row) => {
        const plan = plans.find(({ job_id: job, digest }) => job === row.id && digest === row.plan_digest);
        return jobOf(row, plan && planOf(plan));
      });
    },
    async head(id) {
      const row = await db
        .selectFrom('jobs')
        .select(['id', 'state', 'requester', 'target'])
        .select((eb) =>
          eb
            .selectFrom('job_events')
            .select((of) => of.fn.max('seq').as('seq'))
            .whereRef('job_events.job_id', '=', 'jobs.id')
            .as('last_event'),
        )
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) return undefined;
      const requester = JSON.parse(row.requester) as PersonRef;
      const target = JSON.parse(row.target) as Target;
      return { id: row.id, state: row.state as State, requester, target, lastEvent: Number(row.last_event ?? 0) };
    },
    async countRecent(requester, targets, since) {
      if (targets.length === 0) return new Map();
      const rows = await db
        .selectFrom('jobs')
        .select((eb) => ['target_id', eb.fn.countAll<string>().as('count')])
        .where('requester_id', '=', requester)
        .where('target_id', '=', anyUuid(targets))
        .where('submitted_at', '>=', since)
        .where('id', '>=', idFrom(since))
        // A rollout or scan over many items of one target is one request.
        .where('rollout', 'is', null)
        .where('scan', 'is', null)
        .groupBy('target_id')
        .execute();
      return new Map(rows.map((row) => [row.target_id, Number(row.count)]));
    },
    byIds: (ids) => jobsByIds(db, ids),
  };
}
