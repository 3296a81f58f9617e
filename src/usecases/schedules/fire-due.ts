import type { Code } from '../../domain/codes/index.js';
import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { Calendar } from '../../domain/schedules/calendar.js';
import { dueNow, type Due, type Missed, type Occurrence } from '../../domain/schedules/due.js';
import { scheduleDigest, type Schedule } from '../../domain/schedules/schedule.js';
import { utcText } from '../../domain/time.js';
import type { DueSchedule, NewFiring, ScheduleStep } from '../../ports/schedules.js';
import type { ApiContext } from '../api-context.js';
import { serviceEvent } from '../facts.js';
import { newScan, tooManyScans } from '../scans/submit-scan.js';
import { checkRequest } from '../submit/check-request.js';
import { readFacts } from '../submit/request-facts.js';
import { calendarsOf } from './calendars-of.js';

/** In the place of calendars of which one is gone: it opens nothing. */
const GONE: Calendar = { id: '', name: 'a calendar that is gone', kind: 'maintenance', zone: 'UTC', windows: [] };

/** So many schedules are looked at in one pass. */
const BATCH = 50;
/** When a schedule is looked at again whose owner has asked for too much (milliseconds). */
const AGAIN_MS = 60_000;

type FireContext = Pick<ApiContext, 'schedules' | 'calendars' | 'people' | 'newId'> &
  Parameters<typeof readFacts>[0] &
  Parameters<typeof newScan>[0] &
  Parameters<typeof tooManyScans>[0] &
  Parameters<typeof checkRequest>[0];

/**
 * Fires what is due and writes down what came to nothing. Every API process may call it at any time: a schedule whose next instant another
 * process has dealt with is left alone. A schedule that fails holds up no other.
 * @returns how many were looked at, `BATCH` where there may be more
 */
export async function fireDue(
  context: FireContext,
  failed: (schedule: string, error: unknown) => void,
): Promise<number> {
  const due = await context.schedules.due(BATCH);
  for (const one of due) await fireOne(context, one).catch((error: unknown) => failed(one.schedule.id, error));
  return due.length;
}

async function fireOne(context: FireContext, { schedule, now, previousOpen }: DueSchedule): Promise<void> {
  const calendars = await calendarsOf(context, schedule.spec.calendars);
  const due = dueNow(schedule, schedule.next, now, calendars.ok ? calendars.value : [GONE], previousOpen);
  const made = due.fire && (await firingOf(context, schedule, due.fire));
  // Asked for too often for now: it is looked at again while it is in time, and behind what else is due.
  if (made?.ok === false && ['too-many-requests', 'too-many-scans'].includes(made.error)) {
    const later = new Date(now.getTime() + AGAIN_MS);
    const again = dueNow(schedule, schedule.next, later, calendars.ok ? calendars.value : [GONE], previousOpen);
    if (again.fire?.instant.getTime() === due.fire?.instant.getTime())
      return context.schedules.putOff(schedule.id, schedule.next, AGAIN_MS);
  }
  await context.schedules.record(stepOf(context, schedule, due, made));
}

/** What a firing submits, checked like a request of the owner at this moment, or the code of what is in the way. */
async function firingOf(
  context: FireContext,
  schedule: Schedule,
  { instant, opens, closes }: Occurrence,
): Promise<Result<NewFiring, Code>> {
  const person = (await context.people.read()).find(schedule.owner.id);
  if (!person) return fail('requester-lost-rights');
  const actor: Actor = { person, tokenId: `schedule ${schedule.id}`, tokenKind: 'service' };
  const { action } = schedule.spec;
  if (action.kind === 'scan') {
    const many = await tooManyScans(context, person.id);
    if (many) return fail(many.kind);
    const scan = await newScan(context, actor, action, { schedule: schedule.id, instant: utcText(instant) });
    return scan.ok ? ok({ kind: 'scan', scan: scan.value }) : fail(scan.error.kind);
  }
  const { kind: _, ...job } = action;
  const request = { ...job, window: { from: opens, to: closes }, schedule: { id: schedule.id, instant } };
  const facts = await readFacts(context, actor, [request]);
  try {
    const checked = checkRequest(context, actor, request, facts);
    return checked.ok ? ok({ kind: 'job', job: checked.value }) : fail(checked.error.kind);
  } finally {
    facts.done();
  }
}

/** What is written: each instant that came to nothing with its cause, the job, and the next instant. */
function stepOf(
  context: FireContext,
  schedule: DueSchedule['schedule'],
  due: Due,
  made: Result<NewFiring, Code> | undefined,
): ScheduleStep {
  const missed = due.missed.map(missedRow);
  const instant = due.fire?.instant;
  if (instant && made && !made.ok)
    missed.push({ ...{ first: instant, instant, count: 1, cause: 'refused' }, detail: made.error });
  const events = missed.map(({ first, instant: last, count, cause, detail }) => {
    const what = {
      schedule: schedule.id,
      name: schedule.spec.name,
      cause,
      ...(detail === undefined ? {} : { detail }),
    };
    const data = { ...what, first: utcText(first), last: utcText(last), count };
    return serviceEvent(context.newId, 'schedules', 'schedule.missed', undefined, { outcome: 'failure', data });
  });
  const step = { schedule: schedule.id, seen: schedule.next, missed, events, ...(due.next ? { next: due.next } : {}) };
  if (!instant || !made?.ok) return step;
  const key = {
    ...{ actor: schedule.owner.id, route: 'schedule', key: `${schedule.id} ${utcText(instant)}` },
    requestSha256: scheduleDigest(schedule),
  };
  return { ...step, fire: { instant, key, made: made.value } };
}

function missedRow({
  first,
  last,
  count,
  cause,
  calendar,
}: Missed): ScheduleStep['missed'][number] & { cause: string } {
  return { first, instant: last, count, cause, ...(calendar === undefined ? {} : { detail: calendar }) };
}
