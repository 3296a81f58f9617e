import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBuild, type Build } from './build/build.js';
import { newFolder } from './rig/folders.js';
import { makeTemplate } from './rig/template.js';
import type { SetOptions, SetResult } from './sets/common.js';
import { SETS } from './sets/index.js';
import { mutantsNamed, playMutant, playScene } from './sets/mutants.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    set: { type: 'string', default: 'rounds' },
    scene: { type: 'string' },
    mutant: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
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
const say = (text: string) => (values.json ? undefined : console.log(text));
const options: SetOptions = {
  seed: Number(values.seed),
  ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
  builds,
  template,
  say,
};
let ok = true;
if (values.mutant !== undefined) {
  for (const mutant of mutantsNamed(values.mutant)) {
    const result = await playMutant(options, mutant);
    ok &&= result.caught;
    console.log(JSON.stringify(result));
  }
} else {
  const names = values.scene === undefined ? values.set.split(',') : [values.scene];
  for (const name of names) {
    const set = SETS[name];
    if (!set && values.scene === undefined)
      throw new Error(`there is no set ${name}; there are ${Object.keys(SETS).join(', ')}`);
    const result: SetResult = set ? await set(options) : await playScene(options, name, builds.standIn);
    const { problems, ...figures } = result;
    ok &&= result.ok;
    for (const problem of problems.slice(0, 50)) console.log(`  ${problem}`);
    console.log(JSON.stringify(figures));
  }
}
for (const used of [folder, template.home]) rmSync(used, { recursive: true, force: true });
process.exit(ok ? 0 : 1);
