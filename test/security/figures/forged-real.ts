import { randomOf } from '../../generative/random.js';
import { tally, type Amount, type Figure } from './figure.js';
import { approved, DECISIONS, REPLAYS, ROWS, type Scene } from './forgeries.js';
import { realWorld, type RealWorld } from './real-world.js';

async function begin(world: RealWorld, kind: 'row' | 'replay' | 'decision') {
  if (kind === 'decision') {
    const { job, ...asked } = await world.planned();
    return { asked, job };
  }
  const scene = await approved(world);
  if (kind === 'row') return scene;
  await world.step(scene.asked.id);
  if (world.truth.effects(scene.asked.directory) !== 1) throw new Error('an honest job did not run');
  // The file is gone again: the same change would be planned.
  world.files.delete(`file:${scene.asked.directory}/a`);
  return scene;
}

/**
 * Forged, mutated and replayed rows and grants against the real authority, worker and database: none runs, and each is an event, unless
 * the database itself refused it.
 */
export async function forgedReal({ count, seed }: Amount): Promise<Figure> {
  const told = tally('forged rows and grants, real database');
  const world = await realWorld();
  let refusedStatements = 0;
  const kinds = [...['row', 'row', 'row'], ...['decision'], ...['replay']] as readonly (
    'row' | 'replay' | 'decision'
  )[];
  try {
    for (let n = 0; n < count; n++) {
      const random = randomOf(seed, n);
      const kind = random.pick(kinds);
      const list = { row: ROWS, replay: REPLAYS, decision: DECISIONS }[kind];
      const which = random.int(list.length - 1);
      const scene: Scene = { world, random, ...(await begin(world, kind)) };
      const { id, directory } = scene.asked;
      const [effects, since] = [world.truth.effects(directory), await world.newest()];
      const what = `seed ${seed}, case ${n} (${kind} ${which})`;
      try {
        await list[which]?.(scene);
      } catch {
        refusedStatements += 1;
        told.add(undefined);
        continue;
      }
      const failures = [...world.failures(), await world.step(id), await world.step(id)];
      const ran = world.truth.effects(directory) > effects;
      const events = await world.eventsSince(id, since);
      const said = events.some(({ action, outcome }) => outcome === 'denied' || action === 'job.drifted');
      const unsaid = `is in no event: ${JSON.stringify(events)} ${failures.filter(Boolean).slice(0, 3).map(String).join('; ')}`;
      told.add(ran ? `${what} was executed` : said ? undefined : `${what} ${unsaid}`);
      world.truth.violation();
    }
    return told.figure({ refusedStatements, effects: world.truth.effects() });
  } finally {
    await world.stop();
  }
}
