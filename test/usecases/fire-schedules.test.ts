import { describe, expect, it } from '@jest/globals';
import type { AuditEvent } from '../../src/domain/audit.js';
import type { Person } from '../../src/domain/people.js';
import { BUILT_IN_RIGHTS } from '../../src/domain/policy/rights.js';
import { fail, ok } from '../../src/domain/result.js';
import type { Calendar } from '../../src/domain/schedules/calendar.js';
import type { ScheduleSpec } from '../../src/domain/schedules/schedule.js';
import type { DueSchedule, ScheduleStep } from '../../src/ports/schedules.js';
import { fireDue } from '../../src/usecases/schedules/fire-due.js';
import { createInFlight } from '../../src/usecases/submit/in-flight.js';
import { ADMISSION, MANIFEST, TARGET } from '../support/job-views.js';

const HOUR = 3_600_000;
const OWNER: Person = { id: 'olga', name: 'Olga', roles: ['operator'] };
const now = new Date();
now.setUTCMinutes(0, 0, 0);

const spec = (more: Partial<ScheduleSpec> = {}): ScheduleSpec => ({
  name: 'hourly',
  when: { kind: 'cron', expression: '0 * * * *', zone: 'UTC' },
  jitter: '0s',
  misfire: { policy: 'skip' },
  window: '2h',
  approval: { kind: 'standing' },
  calendars: [],
  action: { kind: 'job', runbook: MANIFEST.id, target: TARGET.id, parameters: { path: '/x' }, reason: 'keep it so' },
  ...more,
});

const dueAt = (next: Date, more: Partial<ScheduleSpec> = {}, previousOpen = false): DueSchedule => ({
  schedule: {
    ...{ id: '00000000-0000-7000-8000-0000000000dd', spec: spec(more), status: 'active', createdAt: now, revision: 1 },
    owner: { ...OWNER, roles: ['helpdesk'] },
    ...{ next, dueAt: next },
  },
  now,
  previousOpen,
});

interface World {
  readonly people?: readonly Person[];
  readonly calendars?: readonly Calendar[];
  readonly recent?: number;
  readonly admitted?: boolean;
  readonly recorded?: 'passed' | 'frozen';
}

/** Fires what is due in a world of a few values; @returns the steps that were recorded, and the failures. */
async function fired(due: readonly DueSchedule[], world: World = {}) {
  const { people = [OWNER], calendars = [], recent = 0, admitted = true, recorded } = world;
  const steps: ScheduleStep[] = [];
  const failures: unknown[] = [];
  const putOff: string[] = [];
  let made = 0;
  const context = {
    schedules: {
      due: async () => due,
      putOff: async (id: string) => void putOff.push(id),
      record: async (step: ScheduleStep) => {
        steps.push(step);
        return recorded === undefined ? ok(undefined) : fail(recorded);
      },
    },
    calendars: {
      find: async (ids: readonly string[]) =>
        calendars.filter(({ id }) => ids.includes(id)).map((value) => ({ value, revision: 1 })),
    },
    people: {
      read: async () => ({ digest: '', all: people, find: (id: string) => people.find((one) => one.id === id) }),
    },
    rights: { read: async () => BUILT_IN_RIGHTS },
    catalogue: {
      list: async () => [
        { manifest: { ...MANIFEST, runsOn: { kinds: ['server'] }, parameters: {} }, contentDigest: 'a'.repeat(64) },
      ],
      refused: async () => [],
    },
    admissions: {
      ofCurrent: async () => new Map(admitted ? [['a'.repeat(64), [{ id: ADMISSION.id, status: 'in-force' }]]] : []),
    },
    subjectAdmissions: { ofTargets: async () => new Map() },
    admissionRules: () => ({
      verify: () => ok({ ...ADMISSION, notBefore: '2000-01-01T00:00:00.000Z', notAfter: '2100-01-01T00:00:00.000Z' }),
      verifySubject: () => fail({ why: '' }),
      development: true,
    }),
    inventory: { find: async () => new Map([[TARGET.id, { target: TARGET, revision: 1 }]]) },
    queries: { byIds: async () => new Map(), countRecent: async () => new Map([[TARGET.id, recent]]) },
    inFlight: createInFlight(),
    values: { check: (_: unknown, value: unknown) => ok(value) },
    newId: () => `00000000-0000-7000-8000-${String((made += 1)).padStart(12, '0')}`,
    settings: { pool: 'default', allowLocal: true, fourEyes: false, submitPerMinute: 10 },
  };
  await fireDue(context as unknown as Parameters<typeof fireDue>[0], (_, error) => failures.push(error));
  return { steps, failures, putOff };
}

const kindsOf = (events: readonly AuditEvent[]) => events.map(({ action, data }) => [action, data.cause, data.detail]);

describe('a schedule that is due', () => {
  it('submits a request of its owner, as this person is now, with its window and its firing', async () => {
    const { steps, failures } = await fired([dueAt(now)]);
    expect(failures).toEqual([]);
    expect(steps).toHaveLength(1);
    const [step] = steps;
    expect(step).toMatchObject({
      seen: now,
      missed: [],
      events: [],
      next: { instant: new Date(now.getTime() + HOUR) },
    });
    const made = step?.fire?.made;
    if (made?.kind !== 'job') throw new Error('no job');
    const { job } = made.job;
    expect(job).toMatchObject({
      state: 'planning',
      requester: OWNER,
      reason: 'keep it so',
      window: { from: now, to: new Date(now.getTime() + 2 * HOUR) },
      schedule: { id: '00000000-0000-7000-8000-0000000000dd', instant: now },
    });
    expect(made.job.events.map(({ action, actor, data }) => [action, actor.id, data.instant])).toEqual([
      ['job.submitted', 'olga', now.toISOString()],
    ]);
  });

  it('has one key for each instant, whoever fires it', async () => {
    const keys = [await fired([dueAt(now)]), await fired([dueAt(now)])].map(({ steps }) => steps[0]?.fire?.key);
    expect(keys[0]).toEqual(keys[1]);
    const other = await fired([
      dueAt(new Date(now.getTime() - HOUR), { misfire: { policy: 'run-once', within: '1h' } }),
    ]);
    expect(other.steps[0]?.fire?.key.key).toEqual(keys[0]?.key);
    expect(other.steps[0]?.missed).toMatchObject([{ cause: 'replaced', count: 1 }]);
  });

  const blackout: Calendar = {
    ...{ id: 'c', name: 'freeze', kind: 'blackout', zone: 'UTC' },
    windows: [{ kind: 'weekly', days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }],
  };
  it.each<[string, DueSchedule, World, string, string | undefined]>([
    ['its owner is nobody any more', dueAt(now), { people: [] }, 'refused', 'requester-lost-rights'],
    ['its owner lost the right', dueAt(now), { people: [{ ...OWNER, roles: ['auditor'] }] }, 'refused', 'not-allowed'],
    ['its runbook is not admitted', dueAt(now), { admitted: false }, 'refused', 'runbook-not-admitted'],
    ['a calendar is closed', dueAt(now, { calendars: ['c'] }), { calendars: [blackout] }, 'closed', 'freeze'],
    ['a calendar is gone', dueAt(now, { calendars: ['c'] }), {}, 'closed', 'a calendar that is gone'],
    ['the job before has not ended', dueAt(now, {}, true), {}, 'previous-open', undefined],
  ])('says why nothing came of it where %s', async (_, due, world, cause, detail) => {
    const { steps, failures } = await fired([due], world);
    expect(failures).toEqual([]);
    expect(steps[0]?.fire).toBeUndefined();
    expect(steps[0]?.missed).toMatchObject([
      { instant: now, count: 1, cause, ...(detail === undefined ? {} : { detail }) },
    ]);
    expect(kindsOf(steps[0]?.events ?? [])).toEqual([['schedule.missed', cause, detail]]);
    expect(steps[0]?.next?.instant).toEqual(new Date(now.getTime() + HOUR));
  });

  it('is looked at again behind others while its owner has asked for this target too often', async () => {
    expect(await fired([dueAt(now)], { recent: 10 })).toEqual({
      ...{ steps: [], failures: [] },
      putOff: [dueAt(now).schedule.id],
    });
  });

  it('is refused for that where it would be too late afterwards', async () => {
    const yearly = { when: { kind: 'cron', expression: '0 0 1 1 *', zone: 'UTC' } } as const;
    const { steps, putOff } = await fired([dueAt(new Date(now.getTime() - 4.5 * 60_000), yearly)], { recent: 10 });
    expect(putOff).toEqual([]);
    expect(steps.map(({ fire, events }) => [fire, kindsOf(events)])).toEqual([
      [undefined, [['schedule.missed', 'refused', 'too-many-requests']]],
    ]);
  });

  it('holds up no other one that fails', async () => {
    const broken = dueAt(now, { when: { kind: 'cron', expression: 'x', zone: 'UTC' } });
    const { steps, failures } = await fired([broken, dueAt(now)]);
    expect([steps.length, failures.length]).toEqual([1, 1]);
  });

  it.each(['passed', 'frozen'] as const)('is left alone where the database says %s', async (recorded) => {
    expect((await fired([dueAt(now)], { recorded })).failures).toEqual([]);
  });
});
