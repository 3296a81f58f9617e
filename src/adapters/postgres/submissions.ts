import { sql, type Kysely } from 'kysely';
import { auditBytes } from '../../domain/audit.js';
import { canonicalJson } from '../../domain/canonical.js';
import type { Job } from '../../domain/job.js';
import { utcText } from '../../domain/time.js';
import { fail, ok } from '../../domain/result.js';
import type { IdempotencyKey, NewJob, SubmissionFailure, Submissions } from '../../ports/submissions.js';
import { v7 as newId } from './ids.js';
import { jobOf } from './job-row.js';
import { seeJob } from './job-view.js';
import type { Database } from './schema.js';

type Db = Kysely<Database>;
type Submitted = { readonly job: Job; readonly repeated: boolean };

class Refused extends Error {
  readonly failure: SubmissionFailure;

  constructor(failure: SubmissionFailure) {
    super(failure.kind);
    this.name = 'Refused';
    this.failure = failure;
  }
}

export function createSubmissions(db: Kysely<Database>): Submissions {
  return {
    async submit(key, submission) {
      try {
        const { supersede } = submission;
        if (!supersede) return ok(await submit(db, key, submission));
        return ok(
          await db.transaction().execute(async (tx) => {
            const submitted = await submit(tx, key, submission);
            if (!submitted.repeated) await supersedeOld(tx, supersede);
            return submitted;
          }),
        );
      } catch (error) {
        if (error instanceof Refused) return fail(error.failure);
        throw error;
      }
    },
  };
}

async function submit(db: Db, key: IdempotencyKey, submission: NewJob): Promise<Submitted> {
  // The freeze may end between the statement that found it and the one that tells of it.
  for (;;) {
    const row = await insertNew(db, key, submission);
    if (row) return { job: jobOf(row, undefined), repeated: false };
    const known = await repeated(db, key);
    if (known) return { job: known, repeated: true };
    const frozen = await db.selectFrom('global_freeze').selectAll().executeTakeFirst();
    if (!frozen) continue;
    throw new Refused({ kind: 'frozen', by: frozen.by_name, at: utcText(frozen.at), reason: frozen.reason });
  }
}

/**
 * The key, the job, its audit events, what people see of it and its message: one statement. Undefined, with nothing written, when
 * all work is frozen or the key is known; a twin in flight holds the key's entry, so that this waits until it commits or gives up.
 */
async function insertNew(db: Db, key: IdempotencyKey, { job, events, priority }: NewJob) {
  const row = await db
    .with('key', (query) =>
      query
        .insertInto('idempotency_keys')
        .columns(['actor', 'route', 'key', 'request_sha256', 'job_id'])
        .expression(
          query
            .selectNoFrom([
              text(key.actor).as('actor'),
              text(key.route).as('route'),
              text(key.key).as('key'),
              text(key.requestSha256).as('request_sha256'),
              uuid(job.id).as('job_id'),
            ])
            .where(({ not, exists, selectFrom }) => not(exists(selectFrom('global_freeze').select('only_row')))),
        )
        .onConflict((conflict) => conflict.doNothing())
        .returning('job_id'),
    )
    .with('created', (query) =>
      query
        .insertInto('jobs')
        .columns([
          'id',
          'kind',
          'rollback_of',
          'state',
          'runbook_id',
          'runbook_version',
          'content_digest',
          'target_id',
          'target_name',
          'target',
          'target_digest',
          'pool',
          'parameters',
          'supplied',
          'requester_id',
          'requester',
          'reason',
          'ticket',
          'supersedes',
          'follows',
          'traceparent',
          'wake_at',
        ])
        .expression((eb) =>
          eb
            .selectFrom('key')
            .select([
              uuid(job.id).as('id'),
              text(job.kind).as('kind'),
              uuid(job.rollbackOf).as('rollback_of'),
              text(job.state).as('state'),
              text(job.runbook.id).as('runbook_id'),
              text(job.runbook.version).as('runbook_version'),
              text(job.runbook.contentDigest).as('content_digest'),
              uuid(job.target.id).as('target_id'),
              text(job.target.name).as('target_name'),
              text(canonicalJson(job.target)).as('target'),
              text(job.targetDigest).as('target_digest'),
              text(job.pool).as('pool'),
              text(canonicalJson(job.parameters)).as('parameters'),
              text(job.supplied && canonicalJson(job.supplied)).as('supplied'),
              text(job.requester.id).as('requester_id'),
              text(canonicalJson(job.requester)).as('requester'),
              text(job.reason).as('reason'),
              text(job.ticket).as('ticket'),
              uuid(job.supersedes).as('supersedes'),
              uuid(job.follows).as('follows'),
              text(job.traceparent).as('traceparent'),
              sql<Date>`now() + interval '30 seconds'`.as('wake_at'),
            ]),
        )
        .returningAll(),
    )
    .with('told', (query) =>
      query
        .insertInto('job_events')
        .columns(['job_id', 'kind', 'body'])
        .expression((eb) =>
          eb
            .selectFrom('created')
            .select(['created.id', text('state').as('kind'), text(stateOnly(job.state)).as('body')]),
        ),
    )
    .with('sent', (query) =>
      query
        .insertInto('outbox')
        .columns(['id', 'job_id', 'pool', 'priority'])
        .expression((eb) =>
          eb
            .selectFrom('created')
            .select([
              uuid(newId()).as('id'),
              'created.id as job_id',
              'created.pool',
              sql<number>`message_priority(${priority}, created.requester_id, created.id)`.as('priority'),
            ]),
        ),
    )
    .selectFrom('created')
    .selectAll()
    .select(
      sql<string>`(SELECT count(audit_append(entry)) FROM unnest(${events.map(auditBytes)}::text[]) AS entry)`.as(
        'audited',
      ),
    )
    .executeTakeFirst();
  if (!row) return undefined;
  const { audited: _, ...columns } = row;
  return columns;
}

// In a SELECT list a parameter has no type of its own.
const text = (value: string | undefined) => sql<string>`${value ?? null}::text`;
const uuid = (value: string | undefined) => sql<string>`${value ?? null}::uuid`;

async function supersedeOld(tx: Db, { job, event }: NonNullable<NewJob['supersede']>): Promise<void> {
  const moved = await tx
    .updateTable('jobs')
    .set({
      state: 'superseded',
      code: 'superseded',
      state_since: sql<Date>`now()`,
      wake_at: null,
      revision: sql<string>`revision + 1`,
    })
    .where('id', '=', job)
    .where('state', '=', 'awaiting-approval')
    .executeTakeFirst();
  if (moved.numUpdatedRows === 0n) throw new Refused({ kind: 'not-supersedable', job });
  await sql`SELECT audit_append(${auditBytes(event)})`.execute(tx);
  await tx
    .insertInto('job_events')
    .values({ job_id: job, kind: 'state', body: stateOnly('superseded') })
    .execute();
}

/** What people see of a state that comes with no fact of its own. */
const stateOnly = (state: string): string => canonicalJson({ state, code: null, facts: [] });

/** The job that an earlier request with this key made. @throws Refused when that was another request. */
async function repeated(db: Db, key: IdempotencyKey): Promise<Job | undefined> {
  const known = await db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('actor', '=', key.actor)
    .where('route', '=', key.route)
    .where('key', '=', key.key)
    .executeTakeFirst();
  if (!known) return undefined;
  if (known.request_sha256 !== key.requestSha256) throw new Refused({ kind: 'idempotency-mismatch' });
  return (await seeJob(db, known.job_id ?? ''))?.view.job;
}
