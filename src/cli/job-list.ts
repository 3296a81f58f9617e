import { subjectOf } from '../domain/claims.js';
import type { ValueObject } from '../domain/canonical.js';
import type { Job } from './api/types.js';
import { named, visible } from './print.js';

/** The narrowest terminal that people use. */
const COLUMNS = 80;
/** Of an id that begins with its time: enough to tell two milliseconds apart. */
const SHORTEST = 13;

/** Two lines for each job: when, what and its state; for whom, by whom and why. Times are UTC. */
export function jobList(jobs: readonly Job[]): string {
  if (jobs.length === 0) return 'No jobs.';
  const width = shortestPrefix(jobs.map(({ id }) => id));
  return ['JOB, SUBMITTED (UTC), STATE, RUNBOOK', ...jobs.flatMap((job) => linesOf(job, width))].join('\n');
}

/** How many characters of these ids tell them apart. */
export function shortestPrefix(ids: readonly string[]): number {
  for (let width = SHORTEST; width < 36; width++)
    if (new Set(ids.map((id) => id.slice(0, width))).size === ids.length) return width;
  return 36;
}

function linesOf(job: Job, width: number): readonly string[] {
  const { id, state, code, runbook, target, requester, reason, submittedAt } = job;
  const when = submittedAt.slice(0, 16).replace('T', ' ');
  const subject = subjectOf(job.parameters as ValueObject)?.value;
  const whom = subject === undefined ? target.name : `${subject} on ${target.name}`;
  return [
    cut(`${id.slice(0, width)}  ${when}  ${state}  ${runbook.id}${code === undefined ? '' : ` (${code})`}`),
    cut(`    ${visible(whom)}, ${named(requester)}: ${visible(reason)}`),
  ];
}

const cut = (line: string): string => (line.length <= COLUMNS ? line : `${line.slice(0, COLUMNS - 1)}…`);
