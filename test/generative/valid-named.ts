import { randomBytes } from 'node:crypto';
import type { Deepen } from './depth.js';
import type { Random } from './random.js';
import type { World } from './world.js';

/** Ids and names of the targets that may be changed, of schedules, of calendars, or of selections. */
export const named = (
  world: World,
  of: 'spare' | 'schedules' | 'calendars' | 'selections' = 'spare',
): readonly string[] => (world[of].length > 0 ? world[of].flatMap(({ id, name }) => [id, name]) : ['none']);

const newCalendar = (random: Random) => ({
  name: `c-${randomBytes(6).toString('hex')}`,
  kind: random.pick(['blackout', 'maintenance']),
  zone: random.pick(['Europe/Berlin', 'UTC']),
  windows: [
    { kind: 'weekly', days: [1 + random.int(6)], from: '22:00', to: '06:00' },
    ...(random.chance(0.3) ? [{ kind: 'once', from: '2030-01-01T00:00', to: '2030-01-02T00:00' }] : []),
  ],
});

const newSelection = (random: Random) => ({
  name: `f-${randomBytes(6).toString('hex')}`,
  select: { sites: [random.pick(['a', 'b'])], ...(random.chance(0.3) ? { tags: ['x'] } : {}) },
});

/** Requests about what people keep under names. */
export const NAMED: Readonly<Record<string, Deepen>> = {
  'POST /v1/calendars': (_, random) => ({ body: newCalendar(random) }),
  'GET /v1/calendars/{id}': (world, random) => ({ id: random.pick(named(world, 'calendars')) }),
  'PATCH /v1/calendars/{id}': (world, random) => ({
    id: random.pick(named(world, 'calendars')),
    body: newCalendar(random),
  }),
  'DELETE /v1/calendars/{id}': (world, random) => ({ id: random.pick(named(world, 'calendars')) }),
  'POST /v1/selections': (_, random) => ({ body: newSelection(random) }),
  'GET /v1/selections/{id}': (world, random) => ({ id: random.pick(named(world, 'selections')) }),
  'GET /v1/selections/{id}/targets': (world, random) => ({ id: random.pick(named(world, 'selections')) }),
  'PATCH /v1/selections/{id}': (world, random) => ({
    id: random.pick(named(world, 'selections')),
    body: newSelection(random),
  }),
  'DELETE /v1/selections/{id}': (world, random) => ({ id: random.pick(named(world, 'selections')) }),
};
