import { MUTANTS } from '../mutants/index.js';
import type { SetOptions, SetResult } from './common.js';
import { SETS } from './index.js';
import { playMutant, playScene } from './mutants.js';
import { SCENES } from './scenes.js';

/** How often each fault happens in a release run; elsewhere each set has its own count. */
const RELEASE: Readonly<Record<string, number>> = {
  rounds: 10_000,
  points: 100,
  redis: 500,
  postgres: 300,
  stop: 1000,
};

type Lanes = readonly (readonly string[])[];

/** Side by side: what needs the engine, what does not, what mostly waits, the mutants, and what takes longest by itself. */
const USUAL: Lanes = [
  ['rounds', 'postgres'],
  ['redis', 'keys', 'deciders', 'doubles', 'forged', 'disk', 'poison'],
  ['progress', 'ssh', 'stop'],
  ['mutants'],
  ['points'],
];
/** What takes hours has a lane of its own. Also every scene as it is, without its mutant. */
const LONG: Lanes = [
  ['rounds'],
  ['points'],
  ['stop', 'postgres', 'ssh', 'progress'],
  ['redis', 'keys', 'deciders', 'doubles', 'forged', 'disk', 'poison'],
  ['mutants', 'scenes'],
];

export interface Line {
  readonly name: string;
  readonly ok: boolean;
  readonly problems: readonly string[];
  /** One JSON object. */
  readonly text: string;
  readonly result?: SetResult;
}

/**
 * Every set in its lane, and every mutant. A set that could not be played is not passed over. `share` is the part of a release
 * run's counts that is played (0 < share ≤ 1); without it the counts are the usual ones.
 */
export async function playAll(
  options: SetOptions,
  share: number | undefined,
  tell: (line: Line) => void,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const add = (line: Line) => {
    lines.push(line);
    tell(line);
  };
  const lane = async (names: readonly string[]) => {
    for (const name of names) {
      if (name === 'mutants') await playMutants(options, add);
      else if (name === 'scenes') await playScenes(options, add);
      else add(await playSet(options, name, share));
    }
  };
  await Promise.all((share === undefined ? USUAL : LONG).map(lane));
  return lines;
}

async function playSet(options: SetOptions, name: string, share: number | undefined): Promise<Line> {
  const most = RELEASE[name];
  const count = share !== undefined && most !== undefined ? Math.ceil(most * share) : undefined;
  return lineOf(name, () => {
    const set = SETS[name];
    if (!set) throw new Error(`there is no set ${name}`);
    return set({ ...options, ...(count === undefined ? {} : { rounds: count }) });
  });
}

async function lineOf(name: string, work: () => Promise<SetResult>): Promise<Line> {
  try {
    const result = await work();
    const { problems, ...figures } = result;
    return { name, ok: result.ok, problems, text: JSON.stringify(figures), result };
  } catch (error) {
    const why = String((error as Error).stack ?? error);
    return { name, ok: false, problems: [why], text: JSON.stringify({ set: name, ok: false }) };
  }
}

async function playScenes(options: SetOptions, add: (line: Line) => void): Promise<void> {
  for (const scene of Object.keys(SCENES)) {
    add(await lineOf(`scene: ${scene}`, () => playScene(options, scene, options.builds.standIn)));
  }
}

async function playMutants(options: SetOptions, add: (line: Line) => void): Promise<void> {
  for (const mutant of MUTANTS) {
    const name = `mutant: ${mutant.name}`;
    try {
      const { problems: seen, ...caught } = await playMutant(options, mutant);
      const problems = caught.caught ? [] : [`without "${mutant.removes}" the verdict stays clean`, ...seen];
      add({ name, ok: caught.caught, problems, text: JSON.stringify(caught) });
    } catch (error) {
      add({ name, ok: false, problems: [String(error)], text: JSON.stringify({ mutant: mutant.name, caught: false }) });
    }
  }
}

/** The sum over all sets: the last line of a run. */
export function sumOf(lines: readonly Line[], seed: number): Readonly<Record<string, unknown>> {
  const results = lines.flatMap(({ result }) => (result ? [result] : []));
  const sum = (
    name:
      | 'faults'
      | 'acknowledged'
      | 'lost'
      | 'unapproved'
      | 'repeats'
      | 'untrue'
      | 'overlaps'
      | 'chainBreaks'
      | 'unknownSettled'
      | 'jobs'
      | 'effects',
  ) => results.reduce((total, result) => total + result[name], 0);
  const mutants = lines.filter(({ name }) => name.startsWith('mutant: '));
  return {
    acknowledged: sum('acknowledged'),
    lost: sum('lost'),
    unapproved: sum('unapproved'),
    repeats: sum('repeats'),
    untrue: sum('untrue'),
    overlaps: sum('overlaps'),
    chainBreaks: sum('chainBreaks'),
    unknownSettled: sum('unknownSettled'),
    faults: sum('faults'),
    jobs: sum('jobs'),
    effects: sum('effects'),
    mutantsCaught: `${mutants.filter(({ ok }) => ok).length} of ${mutants.length}`,
    seed,
    ok: lines.every(({ ok }) => ok),
  };
}
