import { sql, type Selectable } from 'kysely';
import { canonicalJson } from '../../../domain/canonical.js';
import { isTerminal, STATES } from '../../../domain/job.js';
import type { PersonRef } from '../../../domain/people.js';
import { fail } from '../../../domain/result.js';
import type { Schedule, ScheduleSpec, ScheduleStatus } from '../../../domain/schedules/schedule.js';
import { utcText } from '../../../domain/time.js';
import { isUuid } from '../../../domain/uuid.js';
import type { DueSchedule, FiringRow, Schedules } from '../../../ports/schedules.js';
import { append } from '../append-audit.js';
import { audited, takeKey, text, uuid } from '../jobs/idempotency.js';
import type { Nudges } from '../nudges.js';
import { madeOnce } from '../registry/made-once.js';
import type { Database, Db } from '../schema.js';
import { recordStep } from './record-step.js';

/** States of a job that has ended. */
const ENDED = STATES.filter(isTerminal);

export function createSchedules(db: Db, nudges: Nudges): Schedules {
  return {
    create: (key, schedule, event) => create(db, key, schedule, event),
    async find(idOrName) {
      const row = await db
        .selectFrom('schedules')
        .selectAll()
        .where((eb) =>
          isUuid(idOrName)
            ? eb('id', '=', idOrName)
            : eb.and([eb('name', '=', idOrName), eb('status', '<>', 'removed')]),
        )
        .executeTakeFirst();
      return row && scheduleOf(row);
    },
    list: async ({ after, limit }) =>
      (
        await db
          .selectFrom('schedules')
          .selectAll()
          .where('status', '<>', 'removed')
          .$if(after !== undefined, (query) => query.where('id', '>', after ?? ''))
          .orderBy('id')
          .limit(limit)
          .execute()
      ).map(scheduleOf),
    setStatus: ({ id, revision }, status, next, event) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('schedules')
          .set({
            ...{ status, revision: sql<string>`revision + 1` },
            ...(next ? { next_instant: next.instant, due_at: next.dueAt } : {}),
          })
          .where('id', '=', id)
          .where('revision', '=', String(revision))
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        await append(tx, event);
        return scheduleOf(row);
      }),
    firings: async (schedule, limit) =>
      (
        await db
          .selectFrom('schedule_firings')
          .selectAll()
          .where('schedule_id', '=', schedule)
          .orderBy('instant', 'desc')
          .limit(limit)
          .execute()
      ).map(firingOf),
    due: (limit) => due(db, limit),
    putOff: async (schedule, seen, ms) => {
      await db
        .updateTable('schedules')
        .set({ due_at: sql<Date>`now() + ${ms} * interval '1 millisecond'` })
        .where('id', '=', schedule)
        .where('next_instant', '=', seen)
        .execute();
    },
    record: (step) => recordStep(db, nudges, step),
  };
}

type Create = Parameters<Schedules['create']>;

async function create(db: Db, key: Create[0], schedule: Create[1], event: Create[2]): ReturnType<Schedules['create']> {
  const { id, spec, owner, next, dueAt } = schedule;
  const at = (time: Date) => sql<Date>`${utcText(time)}::timestamptz`;
  const make = () =>
    db
      .with('key', takeKey(key, { answer: id }))
      .with('created', (query) =>
        query
          .insertInto('schedules')
          .columns(['id', 'name', 'spec', 'owner_id', 'owner', 'next_instant', 'due_at'])
          .expression((eb) =>
            eb
              .selectFrom('key')
              .select([
                uuid(id).as('id'),
                text(spec.name).as('name'),
                text(canonicalJson(spec)).as('spec'),
                text(owner.id).as('owner_id'),
                text(canonicalJson(owner)).as('owner'),
                at(next).as('next_instant'),
                at(dueAt).as('due_at'),
              ]),
          )
          .returning('id'),
      )
      .selectFrom('created')
      .select([text(id).as('answer'), audited([event]).as('audited')])
      .executeTakeFirst();
  try {
    return await madeOnce(db, key, make, (answer) => answer);
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'one_schedule_a_name')
      return fail({ kind: 'schedule-name-taken' });
    throw error;
  }
}

async function due(db: Db, limit: number): Promise<readonly DueSchedule[]> {
  const rows = await db
    .selectFrom('schedules')
    .selectAll()
    .select(sql<Date>`now()`.as('now'))
    .select((eb) =>
      eb
        .or([
          eb.exists(
            eb
              .selectFrom('jobs')
              .select('jobs.id')
              .whereRef('jobs.schedule_id', '=', 'schedules.id')
              .where('jobs.state', 'not in', ENDED),
          ),
          eb.exists(
            eb
              .selectFrom('schedule_firings')
              .innerJoin('scans', 'scans.id', 'schedule_firings.scan_id')
              .select('scans.id')
              .whereRef('schedule_firings.schedule_id', '=', 'schedules.id')
              .where('scans.ended_at', 'is', null),
          ),
        ])
        .as('previous_open'),
    )
    .where('status', '=', 'active')
    .where('due_at', '<=', sql<Date>`now()`)
    .orderBy('due_at')
    .limit(limit)
    .execute();
  return rows.flatMap(({ now, previous_open: open, ...row }) => {
    const schedule = scheduleOf(row);
    const { next } = schedule;
    return next ? [{ schedule: { ...schedule, next }, now, previousOpen: Boolean(open) }] : [];
  });
}

function scheduleOf(row: Selectable<Database['schedules']>): Schedule {
  return {
    id: row.id,
    spec: JSON.parse(row.spec) as ScheduleSpec,
    owner: JSON.parse(row.owner) as PersonRef,
    status: row.status as ScheduleStatus,
    ...(row.next_instant ? { next: row.next_instant } : {}),
    ...(row.due_at ? { dueAt: row.due_at } : {}),
    createdAt: row.created_at,
    revision: Number(row.revision),
  };
}

function firingOf(row: Selectable<Database['schedule_firings']>): FiringRow {
  return {
    first: row.first_instant,
    instant: row.instant,
    count: row.instants,
    outcome: row.outcome as FiringRow['outcome'],
    ...(row.cause === null ? {} : { cause: row.cause }),
    ...(row.detail === null ? {} : { detail: row.detail }),
    ...(row.job_id === null ? {} : { job: row.job_id }),
    ...(row.scan_id === null ? {} : { scan: row.scan_id }),
    at: row.at,
  };
}
