import { sql, type Selectable } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import type { Job } from '../../../domain/job.js';
import { subjectsOf } from '../../../domain/subjects.js';
import { REQUEUE_AFTER_MS } from '../../../domain/nudge.js';
import { utcText } from '../../../domain/time.js';
import type { IdempotencyKey } from '../../../ports/idempotency.js';
import type { NewJob } from '../../../ports/submissions.js';
import type { Db, JobsTable } from '../schema.js';
import { cte, messagesFor, storyOf } from './announce.js';
import { audited, takeKey, type Kept } from './idempotency.js';
import { jobOf } from './job-row.js';

type Column = readonly [
  type: 'uuid' | 'text' | 'integer' | 'timestamptz',
  of: (job: NewJob['job']) => string | number | null | undefined,
];

/** The columns of a new job; every other column has its default. */
const COLUMNS = {
  id: ['uuid', (job) => job.id],
  kind: ['text', (job) => job.kind],
  rollback_of: ['uuid', (job) => job.rollbackOf],
  state: ['text', (job) => job.state],
  runbook_id: ['text', (job) => job.runbook.id],
  runbook_version: ['text', (job) => job.runbook.version],
  content_digest: ['text', (job) => job.runbook.contentDigest],
  target_id: ['uuid', (job) => job.target.id],
  target_name: ['text', (job) => job.target.name],
  target: ['text', (job) => canonicalJson(job.target)],
  target_digest: ['text', (job) => job.targetDigest],
  pool: ['text', (job) => job.pool],
  parameters: ['text', (job) => canonicalJson(job.parameters)],
  supplied: ['text', (job) => job.supplied && canonicalJson(job.supplied)],
  salt: ['text', (job) => job.salt],
  subjects: ['text', (job) => subjectsOf(job.parameters)],
  requester_id: ['text', (job) => job.requester.id],
  requester: ['text', (job) => canonicalJson(job.requester)],
  reason: ['text', (job) => job.reason],
  ticket: ['text', (job) => job.ticket],
  supersedes: ['uuid', (job) => job.supersedes],
  follows: ['uuid', (job) => job.follows],
  window_from: ['timestamptz', ({ window }) => window && utcText(window.from)],
  window_to: ['timestamptz', ({ window }) => window && utcText(window.to)],
  schedule_id: ['uuid', (job) => job.schedule?.id],
  schedule_instant: ['timestamptz', ({ schedule }) => schedule && utcText(schedule.instant)],
  traceparent: ['text', (job) => job.traceparent],
  rollout: ['uuid', (job) => job.rollout?.id],
  rollout_index: ['integer', (job) => job.rollout?.index],
  scan: ['uuid', (job) => job.scan?.id],
  scan_index: ['integer', (job) => job.scan?.index],
} as const satisfies { readonly [K in keyof JobsTable]?: Column };

const NAMES = sql.join(Object.keys(COLUMNS).map((name) => sql.ref(name)));

/** The new jobs as rows: one array for each column, so that the statement is the same for any number of them. */
function rowsOf(jobs: readonly NewJob[]) {
  const arrays = Object.values<Column>(COLUMNS).map(
    ([type, of]) => sql`${jobs.map(({ job }) => of(job) ?? null)}::${sql.raw(type)}[]`,
  );
  return sql`unnest(${sql.join(arrays)})`;
}

/**
 * The key, the jobs, their audit events, what people see of them and their messages: one statement. All jobs have one state and
 * urgency. Undefined, with nothing written, when all work is frozen or the key is known.
 */
export async function insertJobs(
  db: Db,
  key: IdempotencyKey,
  kept: Partial<Kept>,
  jobs: readonly [NewJob, ...NewJob[]],
): Promise<readonly Job[] | undefined> {
  const [{ job: first, priority }] = jobs;
  const ids = jobs.map(({ job }) => job.id);
  const rows = await db
    .with('key', takeKey(key, kept, { frozenStops: true }))
    .with(
      'created',
      () => sql<Selectable<JobsTable>>`(
        INSERT INTO jobs (${NAMES}, wake_at)
        SELECT wanted.*, now() + ${REQUEUE_AFTER_MS} * interval '1 millisecond'
        FROM key, ${rowsOf(jobs)} AS wanted (${NAMES})
        RETURNING *)`,
    )
    .with('story', () => cte(storyOf('created', canonicalJson({ state: first.state, code: null, facts: [] }))))
    .with('messages', () => cte(messagesFor('created', ids, priority)))
    .selectFrom('created')
    .selectAll()
    // Once for the statement, not for each of its rows.
    .select(
      sql`CASE WHEN row_number() OVER () = 1 THEN ${audited(jobs.flatMap(({ events }) => events))} END`.as('audited'),
    )
    .execute();
  if (rows.length === 0) return undefined;
  const made = new Map(rows.map(({ audited: _, ...row }) => [row.id, jobOf(row, undefined)]));
  return ids.map((id) => made.get(id)).filter((job) => job !== undefined);
}
