import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBuild, type Build } from './build/build.js';
import { newFolder } from './rig/folders.js';
import { makeTemplate } from './rig/template.js';
import type { SetResult } from './sets/common.js';
import { SETS } from './sets/index.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    set: { type: 'string', default: 'rounds' },
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
const results: SetResult[] = [];
for (const name of values.set.split(',')) {
  const set = SETS[name];
  if (!set) throw new Error(`there is no set ${name}; there are ${Object.keys(SETS).join(', ')}`);
  const result = await set({
    seed: Number(values.seed),
    ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
    builds,
    template,
    say: (text) => (values.json ? undefined : console.log(text)),
  });
  const { problems, ...figures } = result;
  results.push(result);
  for (const problem of problems.slice(0, 50)) console.log(`  ${problem}`);
  console.log(JSON.stringify(figures));
}
for (const used of [folder, template.home]) rmSync(used, { recursive: true, force: true });
process.exit(results.every(({ ok }) => ok) ? 0 : 1);
