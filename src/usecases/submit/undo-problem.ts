import { isTerminal, type Job } from '../../domain/job.js';
import { madeAndNotUndone, type JournalEntry } from '../../domain/journal.js';
import type { Actor } from '../../domain/people.js';
import type { TargetNotAdmitted } from '../../domain/subject-admission.js';
import type { NewJob } from '../../ports/submissions.js';
import type { ApiContext } from '../api-context.js';
import { admittedTarget } from '../in-force.js';
import { newJob, submissionOf } from './new-job.js';

/** Why no job of its own can put back what a job made. */
export type UndoProblem =
  | { readonly kind: 'not-ended'; readonly state: Job['state'] }
  | { readonly kind: 'nothing-to-undo' | 'values-erased' | 'undo-incomplete' }
  | { readonly kind: 'already-rolled-back'; readonly by: string }
  | { readonly kind: TargetNotAdmitted['code']; readonly why?: string };

type Asked = Pick<ApiContext, 'rollbacks' | 'subjectAdmissions' | 'admissionRules'>;

/** Why what an ended job made cannot be put back; undefined where it can. Rights, runbook and its admission are judged elsewhere. */
export async function undoProblem(
  context: Asked,
  { job, journal }: { readonly job: Job; readonly journal: readonly JournalEntry[] },
): Promise<UndoProblem | undefined> {
  if (!isTerminal(job.state)) return { kind: 'not-ended', state: job.state };
  if (job.kind !== 'remediation') return { kind: 'nothing-to-undo' };
  const made = madeAndNotUndone(journal);
  if (made.length === 0) return { kind: saysItChanged(job, journal) ? 'undo-incomplete' : 'nothing-to-undo' };
  const by = await context.rollbacks.doneBy(job.id);
  if (by !== undefined) return { kind: 'already-rolled-back', by };
  if (job.erasedAt) return { kind: 'values-erased' };
  // After a drift the plan is another one: what was made under the plan before it is not in it, and would be left as it is in silence.
  const planned = new Set(job.plan?.plan.changes.map(({ id }) => id));
  if (!made.every(({ changeId }) => planned.has(changeId))) return { kind: 'undo-incomplete' };
  const admitted = await admittedTarget(context, job.target);
  return admitted.ok ? undefined : { kind: admitted.error.code, why: admitted.error.detail };
}

/** It ended as one that changed something, and there is no line of what: nothing says that nothing is to be put back. */
const saysItChanged = ({ outcome, partial }: Job, journal: readonly JournalEntry[]): boolean =>
  journal.length === 0 && (outcome === 'fixed' || partial);

/** The job that puts back what an ended one made, newest first, in the name of who asks. `rollout`: the item that it is. */
export function rollbackJob(
  context: Pick<ApiContext, 'newId'>,
  actor: Actor,
  original: Job,
  { reason, ticket, rollout }: Pick<Job, 'reason' | 'ticket' | 'rollout'>,
): NewJob {
  const { runbook, target, targetDigest, pool, parameters, supplied, salt } = original;
  const job = newJob(context, actor, {
    kind: 'rollback-of',
    rollbackOf: original.id,
    ...{ runbook, target, targetDigest, pool, parameters, reason },
    ...(ticket === undefined ? {} : { ticket }),
    ...(supplied ? { supplied } : {}),
    // A change that is put back has the id that it has in the original.
    ...(salt === undefined ? {} : { salt }),
    ...(rollout === undefined ? {} : { rollout }),
  });
  return submissionOf(context, job, 2, { rollbackOf: original.id, ...(rollout && { rollout: rollout.id }) });
}
