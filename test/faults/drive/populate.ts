import type { World } from './jobs.js';
import { LIVES, type Life } from './lives.js';

/**
 * Keeps so many lives going until it is told to stop; then waits for those that are on their way. Of two draws one is from those
 * that are wanted just now, where any are.
 */
export function populate(
  world: World,
  atOnce: number,
  names?: readonly string[],
  lives: Readonly<Record<string, Life>> = LIVES,
  wanted: () => readonly string[] = () => [],
) {
  const drawn = names ?? Object.keys(lives);
  let stopping = false;
  const failures: string[] = [];
  // Every kind once before any comes again.
  let bag: string[] = [];
  const draw = () => {
    const now = wanted();
    if (now.length > 0 && world.dice.below(2) === 0) return world.dice.pick(now);
    if (bag.length === 0) bag = [...drawn];
    return bag.splice(world.dice.below(bag.length), 1)[0] ?? '';
  };
  const slot = async () => {
    while (!stopping) {
      const name = draw();
      const life = lives[name] ?? (() => Promise.reject(new Error('there is no such life')));
      await life(world).catch((error: unknown) => failures.push(`${name}: ${String(error)}`));
    }
  };
  const slots = Array.from({ length: atOnce }, slot);
  return {
    failures,
    async stop() {
      stopping = true;
      await Promise.all(slots);
    },
  };
}
