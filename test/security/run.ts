import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import type { Amount, Figure } from './figures/figure.js';
import { PARTS, type Mode, type Shard } from './figures/index.js';
import { mutantLines } from './mutants/play.js';

/**
 * npm run security [-- --quick | --release] [--mutants] [--seed N] [--only NAME[,NAME]] [--json]
 * The security figures, each part in a process of its own. --quick: what fits into a minute; --release: the counts of a release.
 * --mutants: every mutant besides. The last line is one JSON object; the exit code is 0 only
 * where nothing is wrong. No figure fails for being slow.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    release: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    // Of the processes that this one starts: one part, so many cases.
    part: { type: 'string' },
    count: { type: 'string', default: '1' },
  },
});

type Timed = Figure & { readonly seconds: number };

/** A count of cases is played in parts of at most so many, each from a seed of its own. */
const MOST_IN_A_SHARD = 25_000;

async function playPart(name: string, amount: Amount): Promise<void> {
  const part = PARTS[name];
  if (!part) throw new Error(`there is no part ${name}; there are ${Object.keys(PARTS).join(', ')}`);
  const started = performance.now();
  const figure = await part.play(amount);
  console.log(JSON.stringify({ ...figure, seconds: Math.round((performance.now() - started) / 100) / 10 }));
}

function shardsOf(mode: Mode, seed: number): readonly Shard[] {
  const wanted = values.only?.split(',');
  return Object.entries(PARTS)
    .filter(([name]) => wanted?.includes(name) ?? true)
    .flatMap(([name, { counts, whole }]) => {
      const count = counts[mode];
      const shards = whole && count > 0 ? 1 : Math.ceil(count / MOST_IN_A_SHARD);
      return Array.from({ length: shards }, (_, i) => ({
        name,
        count: Math.floor(count / shards) + (i < count % shards ? 1 : 0),
        seed: seed + i,
      }));
    });
}

/** Plays a part in a process of its own. One that does not come to its figure is wrong. */
function play({ name, count, seed }: Shard): Promise<Timed> {
  const args = ['--import', 'tsx', 'test/security/run.ts', '--part', name, '--count', `${count}`, '--seed', `${seed}`];
  const child = spawn(process.execPath, args, { cwd: INSTALL_ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      try {
        resolve(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as Timed);
      } catch {
        const problems = [`ended with ${status} and no figure`];
        resolve({ name, tried: 0, wrong: 1, problems, seconds: 0 });
      }
    });
  });
}

function summed(shards: readonly Timed[]): Timed {
  const [first] = shards as readonly [Timed, ...Timed[]];
  const more: Record<string, number> = {};
  for (const [name, value] of shards.flatMap((shard) => Object.entries(shard.more ?? {})))
    more[name] = (more[name] ?? 0) + value;
  return {
    name: first.name,
    tried: shards.reduce((sum, { tried }) => sum + tried, 0),
    wrong: shards.reduce((sum, { wrong }) => sum + wrong, 0),
    problems: shards.flatMap(({ problems }) => problems).slice(0, 20),
    seconds: Math.round(10 * shards.reduce((sum, { seconds }) => sum + seconds, 0)) / 10,
    ...(Object.keys(more).length > 0 ? { more } : {}),
  };
}

async function playAll(mode: Mode): Promise<void> {
  const started = performance.now();
  const seed = Number(values.seed);
  const shards = shardsOf(mode, seed);
  const waiting = shards.filter(({ name }) => !PARTS[name]?.alone);
  const left = new Map(waiting.map(({ name }) => [name, waiting.filter((shard) => shard.name === name).length]));
  const done = new Map<string, Timed[]>();
  const figures: Timed[] = [];
  const tell = (figure: Timed) => {
    figures.push(figure);
    const { name, tried, wrong, problems, seconds, more = {} } = figure;
    if (values.json) return;
    for (const problem of problems) console.log(`  ${problem}`);
    const others = Object.entries(more).map(([what, value]) => `${what} ${value}`);
    console.log(
      `${wrong === 0 ? 'passed' : 'FAILED'} ${name}: ${[`${tried} tried`, `${wrong} wrong`, `${seconds} s`, ...others].join(', ')}`,
    );
  };
  const lane = async () => {
    for (let shard = waiting.shift(); shard; shard = waiting.shift()) {
      const { name } = shard;
      const played = await play(shard);
      const all = [...(done.get(name) ?? []), played];
      done.set(name, all);
      if (all.length === left.get(name)) tell(summed(all));
    }
  };
  if (!values.json) console.log(`security figures: ${mode} counts, seed ${seed}`);
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, lane));
  for (const shard of shards.filter(({ name }) => PARTS[name]?.alone)) tell(await play(shard));
  if ((values.mutants || mode === 'release') && values.only === undefined)
    for await (const figure of mutantLines('all', seed)) tell(figure);
  const ok = figures.every(({ wrong }) => wrong === 0);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(JSON.stringify({ security: mode, seed, figures, seconds, ok }));
  process.exitCode = ok ? 0 : 1;
}

if (values.part !== undefined) {
  await playPart(values.part, { count: Number(values.count), seed: Number(values.seed) });
  // An engine or a database of the part may hold the process.
  process.exit(0);
}
await playAll(values.release ? 'release' : values.quick ? 'quick' : 'usual');
