import { isUuid } from '../../../domain/uuid.js';
import type { Kysely } from 'kysely';
import { canonicalJson, type ValueObject } from '../../../domain/canonical.js';
import { utcText } from '../../../domain/time.js';
import type { JobEvent, JobEvents } from '../../../ports/job-events.js';
import type { Nudges } from '../nudges.js';
import { listen } from '../listen.js';
import type { Database } from '../schema.js';

export function createJobEvents(db: Kysely<Database>, nudges: Nudges, connectionString: string): JobEvents {
  return {
    async append(job, events) {
      if (events.length === 0) return;
      const rows = events.map(({ kind, at, body }) => ({
        job_id: job,
        kind,
        at: new Date(at),
        body: canonicalJson(body),
      }));
      await db.transaction().execute(async (tx) => {
        // Numbers must become visible in order, or a reader that resumes after one would miss an earlier one.
        await tx.selectFrom('jobs').select('id').where('id', '=', job).forUpdate().execute();
        await tx.insertInto('job_events').values(rows).execute();
      });
      nudges.job(job);
    },
    async after(job, seq, limit) {
      const rows = await db
        .selectFrom('job_events')
        .selectAll()
        .where('job_id', '=', job)
        .where('seq', '>', String(seq))
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        seq: Number(row.seq),
        at: utcText(row.at),
        kind: row.kind as JobEvent['kind'],
        body: JSON.parse(row.body) as ValueObject,
      }));
    },
    watch: (onChange, signal) =>
      listen(
        connectionString,
        'fixpoint_job',
        (id) => (id !== undefined && isUuid(id) ? onChange(id) : undefined),
        signal,
      ),
  };
}
