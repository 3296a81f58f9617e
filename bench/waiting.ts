import { INSTALL_ROOT } from '../src/platform/install-root.js';
import type { Figure } from './figures.js';
import { withScratchRedis } from './scratch-redis.js';
import { openSide, type BenchRedis, type Cost } from './side.js';

const FEW = 300;
const MANY = 10_000;

/**
 * What a job costs while many others wait: 10,000 jobs that are submitted in batches and played to the end, against waves of 300.
 * The rates are those of jobs that are submitted in batches. With `--redis` messages go over a Redis of its own.
 */
export async function waiting(): Promise<readonly Figure[]> {
  return process.argv.includes('--redis') ? withScratchRedis(measure) : measure();
}

async function measure(redis?: BenchRedis): Promise<readonly Figure[]> {
  const side = await openSide(INSTALL_ROOT, 'here', redis);
  try {
    await side.wave(FEW, 'batch');
    const few = [];
    for (let i = 0; i < 3; i++) few.push(await side.wave(FEW, 'batch'));
    const many = [await side.wave(MANY, 'batch')];
    for (let i = 0; i < 2; i++) few.push(await side.wave(FEW, 'batch'));
    const cpu = ({ node, postgres, redis }: Cost) => node + postgres + redis;
    const of = (name: string, costs: readonly Cost[]): readonly Figure[] => [
      { name: `processor time a job, ${name}`, unit: 'ms', values: costs.map(cpu) },
      {
        name: `processor time of PostgreSQL a job, ${name}`,
        unit: 'ms',
        values: costs.map(({ postgres }) => postgres),
      },
      { name: `jobs a second in batches, ${name}`, unit: '/s', values: costs.map(({ rate }) => rate) },
    ];
    return [...of(`${FEW} waiting`, few), ...of(`${MANY} waiting`, many)];
  } finally {
    await side.stop();
  }
}
