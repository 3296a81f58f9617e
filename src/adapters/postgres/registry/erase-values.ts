import { sql, type Kysely } from 'kysely';
import type { AuditEvent } from '../../../domain/audit.js';
import { isTerminal, STATES } from '../../../domain/job.js';
import { canonicalJson } from '../../../domain/canonical.js';
import { isErasableSubject, SHORTEST_ERASED } from '../../../domain/subjects.js';
import { append } from '../append-audit.js';
import { anyUuid } from '../ids.js';
import type { Database, Db } from '../schema.js';

/** The ended jobs whose values can be erased, and how many others of the same subject have not ended. */
export interface Erasable {
  readonly jobs: readonly { readonly id: string; readonly runbook: string; readonly target: string }[];
  readonly notEnded: number;
}

/**
 * Jobs that are about a subject (in the form of a search), or one job; each with its rollbacks. Those that were erased are left out.
 * @throws RangeError for a subject that is too short: it would fit every job
 */
export async function findErasable(db: Db, which: { readonly subject: string } | { readonly job: string }) {
  if ('subject' in which && !isErasableSubject(which.subject))
    throw new RangeError(`A subject whose values are erased has at least ${SHORTEST_ERASED} characters.`);
  const fits =
    'job' in which
      ? sql<boolean>`(id = ${which.job} OR rollback_of = ${which.job})`
      : sql<boolean>`strpos(subjects, ${which.subject}) > 0`;
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'state', 'runbook_id', 'target_name'])
    .where((eb) => eb.or([fits, eb('rollback_of', 'in', (inner) => inner.selectFrom('jobs').select('id').where(fits))]))
    .where('erased_at', 'is', null)
    .orderBy('id')
    .execute();
  const ended = rows.filter(({ state }) => isTerminal(state as (typeof STATES)[number]));
  return {
    jobs: ended.map(({ id, runbook_id: runbook, target_name: target }) => ({ id, runbook, target })),
    notEnded: rows.length - ended.length,
  } satisfies Erasable;
}

/**
 * Removes every value of these jobs and their salts, in one transaction with the audit event of each. States, times, codes, people,
 * runbooks, targets and digests stay. Jobs that have not ended are left alone.
 * @returns ids of what was erased
 */
export async function eraseValues(
  db: Kysely<Database>,
  ids: readonly string[],
  eventOf: (job: string) => AuditEvent,
): Promise<readonly string[]> {
  return db.transaction().execute(async (tx) => {
    const erased = await tx
      .updateTable('jobs')
      .set({
        ...{ parameters: '{}', supplied: null, findings: null, subjects: null, salt: null, reason: '', ticket: null },
        ...{ detail: null, cancel: null, proofs: '[]' },
        erased_at: sql<Date>`now()`,
        revision: sql<string>`revision + 1`,
      })
      .where('id', '=', anyUuid(ids))
      .where('state', 'in', STATES.filter(isTerminal))
      .where('erased_at', 'is', null)
      .returning('id')
      .execute();
    const gone = erased.map(({ id }) => id);
    await erasePlans(tx, gone);
    await tx.updateTable('decisions').set({ reason: '' }).where('job_id', '=', anyUuid(gone)).execute();
    await tx
      .updateTable('change_journal')
      .set({ detail: null, backup_ref: null })
      .where('job_id', '=', anyUuid(gone))
      .execute();
    await tx.deleteFrom('job_events').where('job_id', '=', anyUuid(gone)).where('kind', '<>', 'state').execute();
    for (const id of gone) await append(tx, eventOf(id));
    return gone;
  });
}

/** The digest of a plan stays; what it was taken over does not. */
async function erasePlans(tx: Db, jobs: readonly string[]): Promise<void> {
  const plans = await tx
    .selectFrom('plans')
    .select(['job_id', 'digest', 'bytes'])
    .where('job_id', '=', anyUuid(jobs))
    .execute();
  for (const { job_id: job, digest, bytes } of plans) {
    const { runbook, target } = JSON.parse(bytes) as { readonly runbook: string; readonly target: string };
    const empty = canonicalJson({ job, runbook, target, parameters: '', locks: [], changes: [] });
    await tx
      .updateTable('plans')
      .set({ bytes: empty })
      .where('job_id', '=', job)
      .where('digest', '=', digest)
      .execute();
  }
}
