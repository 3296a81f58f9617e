import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { counted } from '../support/counted.js';
import { createRun, uncovered, type Run } from '../generative/play.js';
import { startWorld, type World } from '../generative/world.js';

/** So many make every change; fewer reach every operation. */
const WHOLE = 8000;
const REQUESTS = counted(2500, WHOLE);
/** In parts, so that none of them is long on any machine. */
const PART = 500;
const SEED = 1;

let world: World;
let run: Run;
beforeAll(async () => {
  world = await startWorld();
  run = createRun(world, SEED);
});
afterAll(() => world?.product.stop());

it.each(Array.from({ length: REQUESTS / PART }, (_, i) => [i * PART, (i + 1) * PART]))(
  'requests made from the document, %i to %i: every one is answered as the document says',
  async (from, to) => {
    await run.play(from, to);
    expect(run.faults.join('\n\n')).toBe('');
    expect(run.played).toBe(to);
  },
);

it('reached every operation of the document with a success and with a refusal', () => {
  expect(uncovered(run.counts)).toEqual([]);
  expect(Object.keys(run.counts).length).toBeGreaterThan(25);
});

it('makes every change to every operation that it says anything about, at the count of a release', () => {
  expect(run.unplayed(WHOLE)).toEqual([]);
});
