import type { AuditAction } from '../../domain/audit.js';
import type { Actor } from '../../domain/people.js';
import { runbookFacts } from '../../domain/policy/request.js';
import type { Denial } from '../../domain/policy/rights.js';
import { fail, ok, type Result } from '../../domain/result.js';
import { dueAt } from '../../domain/schedules/due.js';
import type { Schedule, ScheduleStatus } from '../../domain/schedules/schedule.js';
import { nextInstants } from '../../domain/schedules/when.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import { findSchedule } from './see-schedule.js';

export type ScheduleChange = 'pause' | 'resume' | 'remove';

export type ChangeScheduleFailure =
  | Denial
  | { readonly kind: 'schedule-not-found' | 'schedule-changed' }
  | { readonly kind: 'schedule-ended'; readonly status: ScheduleStatus };

const CHANGES = {
  pause: { to: 'paused', event: 'schedule.paused', from: ['active'] },
  resume: { to: 'active', event: 'schedule.resumed', from: ['paused'] },
  remove: { to: 'removed', event: 'schedule.removed', from: ['active', 'paused', 'ended'] },
} as const satisfies Record<
  ScheduleChange,
  { readonly to: ScheduleStatus; readonly event: AuditAction; readonly from: readonly ScheduleStatus[] }
>;

/** How often a change is tried: a schedule may fire between the look at it and the change. */
const TRIES = 3;

/** Pauses, resumes or removes a schedule. Jobs that it has submitted are not touched. A repeat changes nothing. */
export async function changeSchedule(
  context: ApiContext,
  actor: Actor,
  idOrName: string,
  change: ScheduleChange,
): Promise<Result<Schedule, ChangeScheduleFailure>> {
  const { to, event: action, from } = CHANGES[change];
  for (let i = 0; i < TRIES; i += 1) {
    const schedule = await findSchedule(context, actor, idOrName);
    if (!schedule) return fail({ kind: 'schedule-not-found' });
    const denial = await denialOf(context, actor, schedule);
    if (denial) return fail(denial);
    if (schedule.status === to) return ok(schedule);
    if (!(from as readonly ScheduleStatus[]).includes(schedule.status))
      return fail({ kind: 'schedule-ended', status: schedule.status });
    const next = change === 'resume' ? nextOf(schedule) : undefined;
    if (change === 'resume' && !next) return fail({ kind: 'schedule-ended', status: 'ended' });
    const data = { schedule: schedule.id, name: schedule.spec.name };
    const event = personEvent(context.newId, actor.person, action, undefined, { data });
    const changed = await context.schedules.setStatus(schedule, to, next, event);
    if (changed) return ok(changed);
  }
  return fail({ kind: 'schedule-changed' });
}

/** What came while it was paused is not made up for. */
function nextOf(schedule: Schedule) {
  const [coming] = nextInstants(schedule.spec.when, new Date(), 1);
  // What it has fired ahead of its instant is not fired again: the stored instant is then further than the coming one.
  const instant = coming && schedule.next && schedule.next > coming ? schedule.next : coming;
  return instant && { instant, dueAt: dueAt(schedule, instant) };
}

async function denialOf(
  { rights, inventory, catalogue }: Pick<ApiContext, 'rights' | 'inventory' | 'catalogue'>,
  { person }: Actor,
  { spec: { action }, owner }: Schedule,
): Promise<Denial | undefined> {
  const now = await rights.read();
  const stored = action.kind === 'job' ? await inventory.get(action.target) : undefined;
  const current = await catalogue.current(action.runbook);
  const runbook = current ? runbookFacts(current.manifest) : { id: action.runbook };
  // A scan has many targets: whose it is counts, and at each firing that person's rights.
  if (action.kind === 'scan' && owner.id === person.id) return undefined;
  // Of a target that is gone nobody knows site and tags: whoever may do this everywhere may change what names it.
  if (!stored && now.everywhere(person, 'schedule')) return undefined;
  return now.denial({ action: 'schedule', person, runbook, ...(stored ? { target: stored.target } : {}) });
}
