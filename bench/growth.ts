import { median, percentile, type Figure } from './figures.js';
import { openSide, type Parts, type Side } from './growth-side.js';
import { STEPS } from './growth-steps.js';
import { withScratchPostgres } from './scratch-postgres.js';

const SMALL = 1000;
const ROUNDS = 5;
const A_ROUND = 300;
const WARM_UP = 30;
const TURNS = WARM_UP + ROUNDS * A_ROUND;

type Step = (side: Side, parts: Parts) => Promise<void>;

/**
 * The record with a thousand finished jobs beside one with a hundred thousand (`--full`: a million), on one server, asked in turns.
 * What counts is the ratio of the p99, of which the median over the rounds is told, and beside it what PostgreSQL read: what may not
 * grow is the cost of claiming and listing.
 */
export function growth(): Promise<readonly Figure[]> {
  const large = process.argv.includes('--full') ? 1_000_000 : 100_000;
  return withScratchPostgres('growth', async (adminUrl) => {
    const started = performance.now();
    const few = await openSide(adminUrl, 'small', SMALL, TURNS);
    const many = await openSide(adminUrl, 'large', large, TURNS);
    const figures: Figure[] = [
      { name: 'filling both records', unit: 's', values: [(performance.now() - started) / 1000] },
    ];
    for (const [what, step] of Object.entries(STEPS)) figures.push(...(await compare(what, step, few, many)));
    return figures;
  });
}

async function compare(what: string, step: Step, few: Side, many: Side): Promise<readonly Figure[]> {
  const sides = { few, many };
  const opened = { few: await few.open(), many: await many.open() };
  const taken = { few: [] as number[], many: [] as number[], ratios: [] as number[] };
  for (let round = -1; round < ROUNDS; round++) {
    const times = { few: [] as number[], many: [] as number[] };
    for (let i = 0; i < (round < 0 ? WARM_UP : A_ROUND); i++) {
      // In turns, and in turns who is first.
      for (const side of i % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const))
        times[side].push(await timed(() => step(sides[side], opened[side].parts)));
    }
    if (round < 0) continue;
    taken.few.push(...times.few);
    taken.many.push(...times.many);
    taken.ratios.push(percentile(times.many, 0.99) / percentile(times.few, 0.99));
  }
  const reads = [
    [few.finished, await opened.few.close()],
    [many.finished, await opened.many.close()],
  ] as const;
  const read = (kind: 'rows' | 'pages') =>
    reads.map(([finished, counted]) => ({
      name: `${what}, ${kind} read with ${finished} finished jobs`,
      unit: '',
      values: [counted[kind] / TURNS],
    }));
  const scans = reads.map(([finished, { fullScans }]) => ({
    name: `${what}, whole tables read with ${finished} finished jobs`,
    unit: '',
    values: [Object.values(fullScans).reduce((all, one) => all + one, 0) / TURNS],
  }));
  return [
    { name: `${what}, p99 with ${few.finished} finished jobs`, unit: 'ms', values: [percentile(taken.few, 0.99)] },
    { name: `${what}, p99 with ${many.finished} finished jobs`, unit: 'ms', values: [percentile(taken.many, 0.99)] },
    ...read('rows'),
    ...read('pages'),
    ...scans,
    { name: `${what}, ratio of the medians`, unit: '', values: [median(taken.many) / median(taken.few)] },
    { name: `${what}, ratio of the p99`, unit: '', values: taken.ratios },
  ];
}

async function timed(step: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await step();
  return performance.now() - started;
}
