import { randomBytes, randomUUID } from 'node:crypto';
import { localTarget } from '../support/local-target.js';
import { reason, type Deepen } from './depth.js';
import type { Random } from './random.js';
import { named } from './valid-named.js';
import { valueOf } from './values.js';
import type { World } from './world.js';

/** Names are new by chance: two runs on one product must not meet. */
const newTarget = (world: World, random: Random) => {
  const name = `t-${randomBytes(6).toString('hex')}`;
  if (random.chance(0.5)) return localTarget(name);
  const hostKey = `ssh-ed25519 ${randomBytes(48).toString('base64')}`;
  const transport = { type: 'ssh', host: `${name}.example`, port: 1 + random.int(65534), user: 'svc', hostKey };
  const body = world.document.components.schemas.TargetBody ?? {};
  return {
    ...localTarget(name),
    kind: 'pc',
    transport,
    settings: valueOf(world.document, body.properties?.settings ?? {}, random),
  };
};

/** Requests about the targets of the inventory. */
export const TARGETS: Readonly<Record<string, Deepen>> = {
  'GET /v1/targets/{id}': (world, random) => ({ id: random.pick([...world.targets, ...named(world)]) }),
  'POST /v1/targets': (world, random) => ({ body: newTarget(world, random) }),
  'POST /v1/targets:import': (world, random) => ({
    body: { targets: Array.from({ length: 1 + random.int(3) }, () => newTarget(world, random)) },
  }),
  'PATCH /v1/targets/{id}': (world, random) => ({
    id: random.pick(named(world)),
    body: random.chance(0.3) ? newTarget(world, random) : { site: random.pick(['a', 'b']), tags: ['x'] },
  }),
  'DELETE /v1/targets/{id}': (world, random) => ({ id: random.pick(named(world)) }),
  'GET /v1/targets/{id}/admission': (world, random) => ({ id: random.pick([...world.targets, ...named(world)]) }),
  'GET /v1/targets/{id}/status': (world, random) => ({ id: random.pick([...world.targets, ...named(world)]) }),
  'POST /v1/targets/{id}/maintenance': (world, random) => ({
    id: random.pick(named(world)),
    body: { until: new Date(Date.now() + 3_600_000 + random.int(1000)).toISOString(), ...reason(random) },
  }),
  'DELETE /v1/targets/{id}/maintenance': (world, random) => ({ id: random.pick(named(world)) }),
  'POST /v1/targets:admit': (world, random) => ({
    who: ['admin', 'operator'],
    body: { targets: [{ id: randomUUID(), before: null, target: newTarget(world, random) }], ...reason(random) },
  }),
  'POST /v1/targets:remove': (world, random) => ({
    who: ['admin', 'operator'],
    body: { targets: [{ id: world.spare[0]?.id ?? randomUUID(), before: null }], ...reason(random) },
  }),
};
