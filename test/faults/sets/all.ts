import { MUTANTS, type Mutant } from '../mutants/index.js';
import type { SetOptions, SetResult } from './common.js';
import { countsOf, isPlayed, type Counts } from './counts.js';
import { SETS } from './index.js';
import { playInLanes } from './lanes.js';
import { playMutant, playScene } from './mutants.js';
import { SCENES } from './scenes.js';

/**
 * Every set with its weight, in the order in which they are begun: what takes longest by itself first. `points` plays two products of
 * which something is always starting; a set with engines costs three times what one with the stand-in does.
 */
export const ORDER: readonly (readonly [name: string, weight: number])[] = [
  ['points', 2],
  ['rounds', 1.5],
  ['progress', 1.5],
  ['stop', 1.5],
  ['postgres', 1.5],
  ['ssh', 1.5],
  ['winrm', 1.5],
  ['redis', 0.5],
  ['poison', 0.5],
  ['deciders', 0.5],
  ['keys', 0.5],
  ['doubles', 0.5],
  ['forged', 0.5],
  ['disk', 0.5],
];
/** A scene or a mutant: one product with the stand-in. */
const SCENE_WEIGHT = 0.5;

export interface Line {
  readonly name: string;
  readonly ok: boolean;
  readonly problems: readonly string[];
  /** One JSON object. */
  readonly text: string;
  readonly result?: SetResult;
}

/** Every set and every mutant, as many at a time as the machine bears; in a release run also every scene as it is. A set that could not be played is not passed over. */
export async function playAll(
  options: SetOptions,
  counts: Counts,
  tell: (line: Line) => void,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const add = (line: Line) => {
    lines.push(line);
    tell(line);
  };
  const mutants = MUTANTS.filter(({ name }) => isPlayed(counts, name));
  const scenes = typeof counts === 'object' ? Object.keys(SCENES) : [];
  await playInLanes([
    ...ORDER.map(([name, weight]) => ({ weight, play: async () => add(await playSet(options, name, counts)) })),
    ...scenes.map((name) => ({ weight: SCENE_WEIGHT, play: async () => add(await playOneScene(options, name)) })),
    ...mutants.map((mutant) => ({ weight: SCENE_WEIGHT, play: async () => add(await playOneMutant(options, mutant)) })),
  ]);
  return lines;
}

function playSet(options: SetOptions, name: string, counts: Counts): Promise<Line> {
  return lineOf(name, () => {
    const set = SETS[name];
    if (!set) throw new Error(`there is no set ${name}`);
    return set({ ...options, ...countsOf(counts, name) });
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

function playOneScene(options: SetOptions, scene: string): Promise<Line> {
  return lineOf(`scene: ${scene}`, () => playScene(options, scene, options.builds.standIn));
}

async function playOneMutant(options: SetOptions, mutant: Mutant): Promise<Line> {
  const name = `mutant: ${mutant.name}`;
  try {
    const { problems: seen, ...caught } = await playMutant(options, mutant);
    const problems = caught.caught ? [] : [`without "${mutant.removes}" the verdict stays clean`, ...seen];
    return { name, ok: caught.caught, problems, text: JSON.stringify(caught) };
  } catch (error) {
    const text = JSON.stringify({ mutant: mutant.name, caught: false });
    return { name, ok: false, problems: [String(error)], text };
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
      | 'unknownReconciled'
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
    unknownReconciled: sum('unknownReconciled'),
    faults: sum('faults'),
    jobs: sum('jobs'),
    effects: sum('effects'),
    mutantsCaught: `${mutants.filter(({ ok }) => ok).length} of ${mutants.length}`,
    seed,
    ok: lines.every(({ ok }) => ok),
  };
}
