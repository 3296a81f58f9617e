import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { mutateBuild, type Build } from '../build/build.js';
import { MUTANTS, type Mutant } from '../mutants/index.js';
import { newFolder } from '../rig/folders.js';
import type { Rig } from '../rig/rig.js';
import { makeTemplate, type Template } from '../rig/template.js';
import { play, type SetOptions, type SetResult } from './common.js';
import { SCENES, untilActed } from './scenes.js';

export interface Caught {
  readonly mutant: string;
  readonly scene: string;
  readonly removes: string;
  readonly turns: string;
  readonly caught: boolean;
  readonly plays: number;
  readonly seconds: number;
  /** What the plays saw; of a mutant that was not caught, most often why. */
  readonly problems: readonly string[];
}

/** Plays one scene on a build; the build as it is must leave it clean. */
export async function playScene(
  options: SetOptions,
  name: string,
  build: Build,
  more: { readonly template?: Template; readonly patienceMs?: number; readonly pace?: number } = {},
): Promise<SetResult> {
  const scene = SCENES[name];
  if (!scene) throw new Error(`there is no scene ${name}`);
  let rig: Rig | undefined;
  const { armed } = scene;
  // A mutant may have points of its own besides, and a name that no build knows would never act.
  if (armed && !build.points.some((point) => armed.points.includes(point.name)))
    throw new Error(`none of the points of the scene ${name} is in the build`);
  const arm = (role: string) => {
    const mine = armed && role === (armed.role ?? 'worker') && (rig?.notes().acted.length ?? 0) === 0;
    return mine ? { FAULTS_ARMED: armed.points.join(','), FAULTS_ACT: armed.act ?? 'kill' } : {};
  };
  return play(options, {
    set: `scene: ${name}`,
    executor: 'stand-in',
    faults: 1,
    build,
    template: more.template ?? options.template,
    ...(more.patienceMs === undefined ? {} : { patienceMs: more.patienceMs }),
    rig: { workers: 1, ...scene.rig, ...(armed ? { arm } : {}) },
    async work({ rig: started, world }) {
      rig = started;
      const problems = await scene.play(world, started, more.pace ?? 1);
      if (armed) await untilActed(started, more.patienceMs);
      return problems;
    },
  });
}

/** A scene that a busy machine robbed of its moment is played again, at half the pace of the play before. */
const MOST_PLAYS = 4;
/** Without a protection a job may never move again: then it is waited for so long, where the machine is idle (ms). */
const PATIENCE_MS = 25_000;

/** Plays a mutant's scene without the protection; it is caught when the figure that it names has turned. */
export async function playMutant(options: SetOptions, mutant: Mutant): Promise<Caught> {
  const folder = newFolder('mutant');
  const build = mutateBuild(options.builds.standIn, join(folder, 'build'), mutant);
  const changesSchema = mutant.edits.some(({ file }) => file.endsWith('.sql'));
  const template = changesSchema ? await makeTemplate(build) : options.template;
  const { name, scene, removes, turns } = mutant;
  const started = Date.now();
  const why: string[] = [];
  let caught = false;
  let plays = 0;
  while (!caught && plays < MOST_PLAYS) {
    const pace = 2 ** plays;
    plays += 1;
    try {
      const more = { template, pace, patienceMs: PATIENCE_MS * pace };
      const { problems, ...verdict } = await playScene(options, scene, build, more);
      caught = turns === 'problems' ? problems.length > 0 : verdict[turns] > 0;
      why.push(...problems);
    } catch (error) {
      why.push(String(error));
    }
  }
  for (const used of [folder, ...(changesSchema ? [template.home] : [])])
    rmSync(used, { recursive: true, force: true });
  const seconds = Math.round((Date.now() - started) / 100) / 10;
  return { mutant: name, scene, removes, turns, caught, plays, seconds, problems: why };
}

export function mutantsNamed(name: string): readonly Mutant[] {
  const found = name === 'all' ? MUTANTS : MUTANTS.filter((mutant) => name.split(',').includes(mutant.name));
  if (found.length === 0)
    throw new Error(`there is no mutant ${name}; there are ${MUTANTS.map((one) => one.name).join(', ')}`);
  return found;
}
