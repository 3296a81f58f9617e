import { isAcknowledged, type Ledgers } from './ledgers.js';
import type { Fact } from './history.js';

/** States in which nothing of a job comes any more. */
export const ENDS = [
  'compliant',
  'drifted',
  'succeeded',
  'failed',
  'rolled-back',
  'rollback-failed',
  'rejected',
  'expired',
  'superseded',
  'cancelled',
  'blocked',
];
/** Where a job may rest: at its end, or with a person. */
export const RESTS = [...ENDS, 'awaiting-approval', 'needs-attention'];

/** Every acknowledged request has its facts in the log; every job is there and has come to rest. */
export function findLost({ answers, jobs }: Ledgers, facts: readonly Fact[]): string[] {
  const has = (job: string, actions: readonly string[], by?: string) =>
    facts.some((fact) => fact.job === job && actions.includes(fact.action) && (by === undefined || fact.actor === by));
  const lost: string[] = [];
  for (const answer of answers) {
    const { path, who, job = '' } = answer;
    if (!isAcknowledged(answer) || !path.startsWith('/v1/jobs')) continue;
    const creates = path === '/v1/jobs' || path.endsWith('/rollback');
    if (creates && !has(job, ['job.submitted'], who)) lost.push(`job ${job} was acknowledged and is not in the log`);
    if (creates && !jobs.some(({ id, status }) => id === job && status === 200)) lost.push(`job ${job} is not there`);
    if (
      path.endsWith('/decision') &&
      !has(job, ['job.decided', 'job.rejected'], who) &&
      !has(job, ['job.decision-refused'])
    ) {
      lost.push(`a decision of ${who} on ${job} was acknowledged and is not in the log`);
    }
    if (path.endsWith('/cancel') && !has(job, ['job.cancel-requested'], who))
      lost.push(`the cancel of ${job} is not in the log`);
    if (path.endsWith('/resolve') && !has(job, ['job.resolved'], who))
      lost.push(`what ${who} resolved of ${job} is not in the log`);
  }
  for (const { id, state } of jobs) if (!RESTS.includes(state)) lost.push(`job ${id} is ${state} and goes nowhere`);
  return [...lost, ...findDoubles(answers)];
}

function findDoubles(answers: Ledgers['answers']): string[] {
  const doubles: string[] = [];
  const byKey = new Map<string, string>();
  for (const { key, who, path, job, status } of answers) {
    if (key === undefined || job === undefined || status !== 201) continue;
    const known = byKey.get(`${who} ${path} ${key}`);
    if (known !== undefined && known !== job) doubles.push(`one Idempotency-Key made two of them: ${known} and ${job}`);
    byKey.set(`${who} ${path} ${key}`, job);
  }
  return doubles;
}
