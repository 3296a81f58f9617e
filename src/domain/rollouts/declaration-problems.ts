import { durationMs } from '../time.js';
import type { Declaration, Wave } from './declaration.js';
import { MOST_AT_ONCE, MOST_ITEMS, MOST_SOAK_MS, MOST_WAVES, mostInFirstWave } from './limits.js';
import { MOST_WINDOW_MS } from '../rollout-window.js';
import { percentOf, splitWaves } from './split.js';

/** `path`: JSON Pointer into the declaration. `message` continues a sentence whose subject is what is there. */
export interface DeclarationProblem {
  readonly path: string;
  readonly message: string;
}

/** Everything that is wrong with a declaration for a list of this many items; none where it can be carried out. */
export function declarationProblems(declaration: Declaration, count: number): readonly DeclarationProblem[] {
  const { waves, budget, atOnce, perSite, window } = declaration;
  const rows: unknown = waves;
  if (!Array.isArray(rows) || typeof budget !== 'object' || budget === null)
    return [{ path: '', message: 'must have waves and a budget' }];
  return [
    ...waves.flatMap((wave, i) => waveProblems(wave, `/waves/${i}`, i === waves.length - 1)),
    ...wavesProblems(waves, count),
    ...(['failed', 'unknown', 'unreached'] as const).flatMap((name) =>
      isWhole(budget[name], 0, MOST_ITEMS)
        ? []
        : [{ path: `/budget/${name}`, message: `must be from 0 to ${MOST_ITEMS}` }],
    ),
    ...(budget.unknown > budget.failed
      ? [{ path: '/budget/unknown', message: 'must not be more than `failed`: what is unknown counts as failed' }]
      : []),
    ...(isWhole(atOnce, 1, MOST_AT_ONCE) ? [] : [{ path: '/atOnce', message: `must be from 1 to ${MOST_AT_ONCE}` }]),
    ...(perSite === undefined || isWhole(perSite, 1, MOST_AT_ONCE)
      ? []
      : [{ path: '/perSite', message: `must be from 1 to ${MOST_AT_ONCE}` }]),
    ...(isDuration(window, 60_000, MOST_WINDOW_MS)
      ? []
      : [{ path: '/window', message: 'must be a duration from 1m to 72h, such as 8h' }]),
  ];
}

function wavesProblems(waves: readonly Wave[], count: number): readonly DeclarationProblem[] {
  const problem = (message: string) => [{ path: '/waves', message }];
  if (waves.length < 1 || waves.length > MOST_WAVES) return problem(`must be from 1 to ${MOST_WAVES} waves`);
  const most = mostInFirstWave(count);
  const [first] = splitWaves(waves, count);
  if (first && first.to > most)
    return problem(
      `must begin with at most ${most} of ${count}, and not with ${first.to}: a bad fix stops after the first wave`,
    );
  if (waves[0]?.approval === true || waves[0]?.soak !== undefined)
    return problem('must begin at once: neither soak time nor approval comes before the first wave');
  return [];
}

function waveProblems({ size, soak, approval }: Wave, path: string, isLast: boolean): readonly DeclarationProblem[] {
  const known =
    size === 'rest' || percentOf(size) !== undefined || (typeof size === 'number' && isWhole(size, 1, MOST_ITEMS));
  const problems: DeclarationProblem[] = [];
  if (!known)
    problems.push({
      path: `${path}/size`,
      message: `must be a number up to ${MOST_ITEMS}, a percentage such as 10%, or rest`,
    });
  else if ((size === 'rest') !== isLast)
    problems.push({
      path: `${path}/size`,
      message: isLast ? 'must be rest: it is the last wave' : 'is rest, and waves follow it',
    });
  if (soak !== undefined && !isDuration(soak, 1, MOST_SOAK_MS))
    problems.push({ path: `${path}/soak`, message: 'must be a duration up to 24h, such as 30m' });
  // A row of the database may hold anything; only `true` makes a wave wait.
  if (approval !== undefined && typeof approval !== 'boolean')
    problems.push({ path: `${path}/approval`, message: 'must be true or false' });
  return problems;
}

const isWhole = (value: number, least: number, most: number) =>
  Number.isSafeInteger(value) && value >= least && value <= most;

function isDuration(text: string, least: number, most: number): boolean {
  if (!/^\d{1,6}(ms|s|m|h|d)$/.test(text)) return false;
  const ms = durationMs(text);
  return ms >= least && ms <= most;
}
