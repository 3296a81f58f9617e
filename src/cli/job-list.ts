import { subjectOf } from '../domain/claims.js';
import type { ValueObject } from '../domain/canonical.js';
import { isUuid } from '../domain/uuid.js';
import type { Job } from './api/types.js';
import { named, visible } from './print.js';

/** The narrowest terminal that people use. */
const COLUMNS = 80;
/** What the plan calls the job's object, beside the beginning of its id. */
const LABEL = 28;
const ID_PREFIX = 8;
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
  const subject = subjectName(job);
  const whom = subject === undefined ? target.name : `${subject} on ${target.name}`;
  return [
    cut(`${id.slice(0, width)}  ${when}  ${state}  ${runbook.id}${code === undefined ? '' : ` (${code})`}`),
    cut(`    ${whom}, ${named(requester)}: ${visible(reason)}`),
  ];
}

/** Whom the job is about, as the request names them; where that is an objectGUID, with the name that the plan gives it. */
function subjectName({ parameters, plan }: Job): string | undefined {
  const subject = subjectOf(parameters as ValueObject)?.value;
  const id = subject?.toLowerCase() ?? '';
  const label = isUuid(id) ? plan?.changes.find(({ resource }) => resource.endsWith(id))?.label : undefined;
  if (label === undefined) return subject === undefined ? undefined : visible(subject);
  return named({ id: id.slice(0, ID_PREFIX), name: cut(label, LABEL) });
}

const cut = (line: string, width = COLUMNS): string => (line.length <= width ? line : `${line.slice(0, width - 1)}…`);
