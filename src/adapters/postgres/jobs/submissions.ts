import { sql, type Kysely } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import type { Job } from '../../../domain/job.js';
import { superseded } from '../../../domain/moves.js';
import { REQUEUE_AFTER_MS } from '../../../domain/nudge.js';
import { utcText } from '../../../domain/time.js';
import { fail, ok } from '../../../domain/result.js';
import type { IdempotencyKey, Made } from '../../../ports/idempotency.js';
import type { NewJob, SubmissionFailure, Submissions } from '../../../ports/submissions.js';
import { audited, KeyMismatched, keptUnder, once, takeKey, text, uuid, type Kept } from './idempotency.js';
import { v7 as newId } from '../ids.js';
import { jobOf } from './job-row.js';
import { seeJob } from './job-view.js';
import type { Database, Db } from '../schema.js';
import { transitionWithin } from './transition.js';

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
        if (error instanceof Refused || error instanceof KeyMismatched) return fail(error.failure);
        throw error;
      }
    },
    async first(key) {
      const kept = await keptUnder(db, key).catch((error: unknown) => {
        if (error instanceof KeyMismatched) return undefined;
        throw error;
      });
      return kept && jobUnder(db, kept);
    },
  };
}

const jobUnder = async (db: Db, { job_id: id }: Kept) => (await seeJob(db, id ?? ''))?.view.job;

function submit(db: Db, key: IdempotencyKey, submission: NewJob): Promise<Made<Job>> {
  return once(
    db,
    key,
    async () => {
      const row = await insertNew(db, key, submission);
      return row && jobOf(row, undefined);
    },
    (kept) => jobUnder(db, kept),
    async () => {
      // The freeze may end between the statement that found it and this one.
      const frozen = await db.selectFrom('global_freeze').selectAll().executeTakeFirst();
      if (!frozen) return;
      throw new Refused({ kind: 'frozen', by: frozen.by_name, at: utcText(frozen.at), reason: frozen.reason });
    },
  );
}

/**
 * The key, the job, its audit events, what people see of it and its message: one statement. Undefined, with nothing written, when
 * all work is frozen or the key is known.
 */
async function insertNew(db: Db, key: IdempotencyKey, { job, events, priority }: NewJob) {
  const row = await db
    .with('key', takeKey(key, { job_id: job.id }, { frozenStops: true }))
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
              sql<Date>`now() + ${REQUEUE_AFTER_MS} * interval '1 millisecond'`.as('wake_at'),
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
    .select(audited(events).as('audited'))
    .executeTakeFirst();
  if (!row) return undefined;
  const { audited: _, ...columns } = row;
  return columns;
}

async function supersedeOld(tx: Db, { job, event }: NonNullable<NewJob['supersede']>): Promise<void> {
  const notSupersedable = { kind: 'not-supersedable', job } as const;
  const moved = await transitionWithin(tx, job, (view) =>
    view.job.state === 'awaiting-approval' ? ok(superseded(event)) : fail(notSupersedable),
  );
  if (!moved.ok) throw new Refused(notSupersedable);
}

/** What people see of a state that comes with no fact of its own. */
const stateOnly = (state: string): string => canonicalJson({ state, code: null, facts: [] });
