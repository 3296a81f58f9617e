import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBuild, type Build } from './build/build.js';
import { newFolder } from './rig/folders.js';
import { makeTemplate } from './rig/template.js';
import { playAll, sumOf, type Line } from './sets/all.js';
import type { SetOptions, SetResult } from './sets/common.js';
import { SETS } from './sets/index.js';
import { SCENES } from './sets/scenes.js';
import { mutantsNamed, playMutant, playScene } from './sets/mutants.js';

/**
 * npm run faults -- [--seed N] [--rounds N] [--set NAME[,NAME]] [--scene NAME] [--mutant NAME|all] [--small | --ci | --release [--share N]] [--json]
 * --small: everything at the counts of `npm test`; --ci: at those of .ci/run; --release: at those of a release run (hours).
 * --share: that part of a release run's counts, 0.1 for a tenth: what fits into the time that there is.
 * The last line is one JSON object; the exit code is 0 only when everything that was played is as it should be.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    set: { type: 'string', default: 'rounds' },
    scene: { type: 'string' },
    mutant: { type: 'string' },
    small: { type: 'boolean', default: false },
    ci: { type: 'boolean', default: false },
    release: { type: 'boolean', default: false },
    share: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const share = Number(values.share);
if (!(share > 0 && share <= 1)) {
  console.error(`--share is a number above 0, at most 1; it was ${values.share}`);
  // Ends before minutes of building; 2 is a wrong command line, 1 a verdict that is not clean.
  process.exit(2);
}
const folder = newFolder('build');
const once = (make: () => Build) => {
  let made: Build | undefined;
  return () => (made ??= make());
};
const real = once(() => makeBuild({ directory: join(folder, 'real') }));
const standIn = once(() => makeBuild({ directory: join(folder, 'stand-in'), standIn: true }));
const builds = {
  get real() {
    return real();
  },
  get standIn() {
    return standIn();
  },
};
const template = await makeTemplate(real());
const seed = Number(values.seed);
const options: SetOptions = {
  seed,
  ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
  builds,
  template,
  say: (text) => (values.json ? undefined : console.log(text)),
};

async function playWhatWasAsked(): Promise<boolean> {
  const { small, ci, release } = values;
  const counts = release ? { release: share } : ci ? 'usual' : small ? 'small' : undefined;
  if (counts !== undefined) {
    const lines = await playAll(options, counts, tell);
    console.log(JSON.stringify(sumOf(lines, seed)));
    return lines.every(({ ok }) => ok);
  }
  if (values.mutant !== undefined) return playMutants(values.mutant);
  let ok = true;
  if (values.scene !== undefined) {
    const scenes = values.scene === 'all' ? Object.keys(SCENES) : values.scene.split(',');
    for (const scene of scenes) ok = show(await playScene(options, scene, builds.standIn)) && ok;
    return ok;
  }
  for (const name of values.set.split(',')) {
    const set = SETS[name];
    if (!set) throw new Error(`there is no set ${name}; there are ${Object.keys(SETS).join(', ')}`);
    ok = show(await set(options)) && ok;
  }
  return ok;
}

async function playMutants(name: string): Promise<boolean> {
  let ok = true;
  for (const mutant of mutantsNamed(name)) {
    const { problems, ...result } = await playMutant(options, mutant);
    ok &&= result.caught;
    if (!result.caught) for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
    console.log(JSON.stringify(result));
  }
  return ok;
}

function show({ problems, ...figures }: SetResult): boolean {
  for (const problem of problems.slice(0, 50)) console.log(`  ${problem}`);
  console.log(JSON.stringify(figures));
  return figures.ok;
}

/** For people, and for the suite that counts each of them as a test. */
function tell({ name, ok, problems, text }: Line): void {
  for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
  console.log(`${ok ? 'passed' : 'FAILED'} ${name} ${text}`);
}

const ok = await playWhatWasAsked();
for (const used of [folder, template.home]) rmSync(used, { recursive: true, force: true });
process.exit(ok ? 0 : 1);
