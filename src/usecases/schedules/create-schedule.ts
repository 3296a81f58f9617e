import type { Actor } from '../../domain/people.js';
import { runbookFacts } from '../../domain/policy/request.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { dueAt } from '../../domain/schedules/due.js';
import { approvalProblems, scheduleProblems, type ScheduleProblem } from '../../domain/schedules/schedule-problems.js';
import {
  scheduleDigest,
  type Schedule,
  type ScheduledJob,
  type ScheduledScan,
  type ScheduleSpec,
} from '../../domain/schedules/schedule.js';
import { nextInstants } from '../../domain/schedules/when.js';
import type { KeyMismatch, Made } from '../../ports/idempotency.js';
import type { SubmissionFailure } from '../../ports/submissions.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { newScan, type ScanFailure } from '../scans/submit-scan.js';
import { checkRequest, type RequestFailure } from '../submit/check-request.js';
import { scopeOf } from '../submit/idempotency.js';
import { readFacts } from '../submit/request-facts.js';
import { calendarsOf, type CalendarsLost } from './calendars-of.js';

export type CreateScheduleFailure =
  | RequestFailure
  | KeyMismatch
  | CalendarsLost
  | Exclude<ScanFailure, SubmissionFailure>
  | { readonly kind: 'schedule-refused'; readonly problems: readonly ScheduleProblem[] }
  | { readonly kind: 'schedule-name-taken' };

/**
 * Stores a schedule that fires in the name of whoever makes it. What it will ask for is checked as if it were asked for now; calendars and
 * the target may be named, and are kept by their ids.
 */
export async function createSchedule(
  context: ApiContext,
  actor: Actor,
  key: string,
  wish: ScheduleSpec,
): Promise<Result<Made<Schedule>, CreateScheduleFailure>> {
  const now = new Date();
  const problems = [...scheduleProblems(wish, now), ...approvalProblems(wish)];
  if (problems.length > 0) return fail({ kind: 'schedule-refused', problems });
  const calendars = await calendarsOf(context, wish.calendars);
  if (!calendars.ok) return calendars;
  const action = await checkedAction(context, actor, wish);
  if (!action.ok) return action;
  const spec = { ...wish, calendars: calendars.value.map(({ id }) => id), action: action.value };
  const schedule = { id: context.newId(), spec, owner: actor.person };
  const [next] = nextInstants(spec.when, now, 1);
  if (!next) return fail({ kind: 'schedule-refused', problems: [{ path: '/when', message: 'never comes' }] });
  const data = { schedule: schedule.id, name: spec.name, scheduleSha256: scheduleDigest(schedule) };
  const event = personEvent(context.newId, actor.person, 'schedule.created', undefined, { data });
  const scope = scopeOf(actor, 'POST /v1/schedules', key, wish);
  const created = await context.schedules.create(scope, { ...schedule, next, dueAt: dueAt(schedule, next) }, event);
  if (!created.ok) return created;
  const stored = await context.schedules.find(created.value.made);
  if (!stored) throw new Error(`the schedule ${created.value.made} is not stored`);
  return ok({ made: stored, repeated: created.value.repeated });
}

/** The action with parameters and target as a job would have them, or why no such job or scan may be asked for. */
async function checkedAction(
  context: ApiContext,
  actor: Actor,
  { action }: ScheduleSpec,
): Promise<Result<ScheduleSpec['action'], CreateScheduleFailure>> {
  return action.kind === 'scan' ? checkedScan(context, actor, action) : checkedJob(context, actor, action);
}

/** A scan over what it means now must be allowed; its selection may be named, and is kept by its id. */
async function checkedScan(
  context: ApiContext,
  actor: Actor,
  action: ScheduledScan,
): Promise<Result<ScheduledScan, CreateScheduleFailure>> {
  const scan = await newScan(context, actor, action);
  if (!scan.ok) return scan;
  const { rights, catalogue, selections } = context;
  const current = await catalogue.current(action.runbook);
  const runbook = current ? runbookFacts(current.manifest) : { id: action.runbook };
  const now = await rights.read();
  for (const { job } of scan.value.jobs) {
    const denial = now.denial({ action: 'schedule', person: actor.person, target: job.target, runbook });
    if (denial) return fail(denial);
  }
  if (action.selection === undefined) return ok(action);
  const [stored] = await selections.find([action.selection]);
  return stored
    ? ok({ ...action, selection: stored.value.id })
    : fail({ kind: 'selection-not-found', name: action.selection });
}

async function checkedJob(
  context: ApiContext,
  actor: Actor,
  action: ScheduledJob,
): Promise<Result<ScheduledJob, RequestFailure>> {
  const facts = await readFacts(context, actor, [action]);
  try {
    const checked = checkRequest(context, actor, action, facts);
    if (!checked.ok) return checked;
    const { target, parameters } = checked.value.job;
    const manifest = facts.runbook(action.runbook)?.manifest;
    const runbook = manifest ? runbookFacts(manifest) : { id: action.runbook };
    const denial = facts.rights.denial({ action: 'schedule', person: actor.person, target, runbook });
    return denial ? fail(denial) : ok({ ...action, target: target.id, parameters });
  } finally {
    facts.done();
  }
}
