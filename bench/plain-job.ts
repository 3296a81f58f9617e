import { resolve } from 'node:path';
import { INSTALL_ROOT } from '../src/platform/install-root.js';
import { median, type Figure } from './figures.js';
import { withScratchRedis } from './scratch-redis.js';
import { openSide, type BenchRedis, type Cost, type Side } from './side.js';

const WARM_UP = 100;
const A_WAVE = 300;
const WAVES = 3;

const UNITS: Readonly<Record<keyof Cost, readonly [string, string]>> = {
  node: ['processor time of Node a job', 'ms'],
  postgres: ['processor time of PostgreSQL a job', 'ms'],
  redis: ['processor time of Redis a job', 'ms'],
  statements: ['statements a job', ''],
  transactions: ['writing transactions a job', ''],
  fsyncs: ['fsyncs of the WAL a job', ''],
  wal: ['WAL a job', 'kB'],
  rate: ['jobs a second, submit to end', '/s'],
};

/**
 * One plain job from end to end: submitted, planned, compliant. With `--checkout DIR` the same waves run in turns against the product
 * of that checkout, and the ratios are printed; with `--redis` messages go over a Redis of its own. Each product is one process with
 * a PostgreSQL of its own; the clients are this process, which is not counted.
 */
export async function plainJob(): Promise<readonly Figure[]> {
  const at = process.argv.indexOf('--checkout');
  const other = at < 0 ? undefined : resolve(process.argv[at + 1] ?? '.');
  const measure = (redis?: BenchRedis) => compare(other, redis);
  return process.argv.includes('--redis') ? withScratchRedis(measure) : measure();
}

async function compare(other: string | undefined, redis?: BenchRedis) {
  const sides: Side[] = [];
  try {
    if (other !== undefined) sides.push(await openSide(other, other, redis));
    sides.push(await openSide(INSTALL_ROOT, 'here', redis));
    for (const side of sides) await side.wave(WARM_UP);
    const costs = new Map<Side, Cost[]>(sides.map((side) => [side, []]));
    for (let i = 0; i < WAVES; i++) {
      for (const side of i % 2 === 0 ? sides : [...sides].reverse()) costs.get(side)?.push(await side.wave(A_WAVE));
    }
    return figuresOf(costs);
  } finally {
    for (const side of sides) await side.stop();
  }
}

function figuresOf(costs: ReadonlyMap<Side, readonly Cost[]>): readonly Figure[] {
  const figures: Figure[] = [];
  const all = [...costs];
  for (const kind of Object.keys(UNITS) as (keyof Cost)[]) {
    const [name, unit] = UNITS[kind];
    const values = all.map(([, waves]) => waves.map((cost) => cost[kind]));
    if (kind === 'redis' && values.flat().every((value) => value === 0)) continue;
    all.forEach(([side], i) => figures.push({ name: `${name}, ${side.name}`, unit, values: values[i] ?? [] }));
    if (all.length === 2) figures.push(ratioOf(name, values[1] ?? [], values[0] ?? []));
  }
  if (all.length === 2) {
    const sums = all.map(([, waves]) => waves.map(({ node, postgres, redis }) => node + postgres + redis));
    figures.push(ratioOf('processor time a job, all', sums[1] ?? [], sums[0] ?? []));
  }
  return figures;
}

const ratioOf = (name: string, here: readonly number[], other: readonly number[]): Figure => ({
  name: `${name}: ratio of the medians`,
  unit: '',
  values: [median(here) / median(other)],
});
