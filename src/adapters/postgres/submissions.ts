import { sql, type Kysely, type Transaction } from 'kysely';
import { auditBytes } from '../../domain/audit.js';
import { canonicalJson } from '../../domain/canonical.js';
import { utcText } from '../../domain/time.js';
import { fail, ok } from '../../domain/result.js';
import type { IdempotencyKey, NewJob, SubmissionFailure, Submissions } from '../../ports/submissions.js';
import { jobOf } from './job-row.js';
import { enqueue } from './job-store.js';
import type { Database } from './schema.js';

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
        return ok(await db.transaction().execute((tx) => submit(tx, key, submission)));
      } catch (error) {
        if (error instanceof Refused) return fail(error.failure);
        throw error;
      }
    },
  };
}

async function submit(tx: Transaction<Database>, key: IdempotencyKey, submission: NewJob) {
  const { actor, route, requestSha256 } = key;
  // A twin in flight holds the unique entry: this insert waits until it commits or gives up.
  const first = await tx
    .insertInto('idempotency_keys')
    .values({ actor, route, key: key.key, request_sha256: requestSha256, job_id: submission.job.id })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (first.numInsertedOrUpdatedRows === 0n) return { job: await repeated(tx, key), repeated: true };
  const frozen = await tx.selectFrom('global_freeze').selectAll().executeTakeFirst();
  if (frozen) {
    throw new Refused({ kind: 'frozen', by: frozen.by_name, at: utcText(frozen.at), reason: frozen.reason });
  }
  const { job } = submission;
  const row = await tx
    .insertInto('jobs')
    .values({
      id: job.id,
      kind: job.kind,
      rollback_of: job.rollbackOf ?? null,
      state: job.state,
      code: null,
      detail: null,
      runbook_id: job.runbook.id,
      runbook_version: job.runbook.version,
      content_digest: job.runbook.contentDigest,
      target_id: job.target.id,
      target_name: job.target.name,
      target: canonicalJson(job.target),
      target_digest: job.targetDigest,
      pool: job.pool,
      parameters: canonicalJson(job.parameters),
      supplied: job.supplied ? canonicalJson(job.supplied) : null,
      requester_id: job.requester.id,
      requester: canonicalJson(job.requester),
      reason: job.reason,
      ticket: job.ticket ?? null,
      supersedes: job.supersedes ?? null,
      findings: null,
      plan_digest: null,
      grant_jti: null,
      execute_by: null,
      on_failure: null,
      next_try_at: null,
      until: null,
      lease_until: null,
      worker: null,
      engine_digest: null,
      outcome: null,
      cancel: null,
      wake_at: sql<Date>`now() + interval '30 seconds'`,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  for (const event of submission.events) await sql`SELECT audit_append(${auditBytes(event)})`.execute(tx);
  await tellState(tx, job.id, job.state);
  await enqueue(tx, job, submission.priority);
  if (submission.supersede) await supersede(tx, submission.supersede);
  return { job: jobOf(row, undefined), repeated: false };
}

async function supersede(tx: Transaction<Database>, { job, event }: NonNullable<NewJob['supersede']>): Promise<void> {
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
  await tellState(tx, job, 'superseded');
}

async function tellState(tx: Transaction<Database>, job: string, state: string): Promise<void> {
  const body = canonicalJson({ state, code: null, facts: [] });
  await tx.insertInto('job_events').values({ job_id: job, kind: 'state', body }).execute();
}

async function repeated(tx: Transaction<Database>, key: IdempotencyKey) {
  const known = await tx
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('actor', '=', key.actor)
    .where('route', '=', key.route)
    .where('key', '=', key.key)
    .executeTakeFirstOrThrow();
  if (known.request_sha256 !== key.requestSha256) throw new Refused({ kind: 'idempotency-mismatch' });
  const row = await tx
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', known.job_id ?? '')
    .executeTakeFirstOrThrow();
  const plan = await tx
    .selectFrom('plans')
    .selectAll()
    .where('job_id', '=', row.id)
    .where('digest', '=', row.plan_digest ?? '')
    .executeTakeFirst();
  return jobOf(row, plan);
}
