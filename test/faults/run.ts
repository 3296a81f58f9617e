import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { makeBuild } from './build/build.js';
import { newFolder } from './rig/folders.js';
import { makeTemplate } from './rig/template.js';
import { rounds } from './sets/rounds.js';
import type { FaultSet } from './sets/common.js';

const SETS: Readonly<Record<string, FaultSet>> = { rounds };

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    set: { type: 'string', default: 'rounds' },
    json: { type: 'boolean', default: false },
  },
});
const folder = newFolder('build');
const real = makeBuild({ directory: join(folder, 'real') });
const standIn = makeBuild({ directory: join(folder, 'stand-in'), standIn: true });
const template = await makeTemplate(real);
const set = SETS[values.set];
if (!set) throw new Error(`no such set: ${values.set}`);
const result = await set({
  seed: Number(values.seed),
  ...(values.rounds === undefined ? {} : { rounds: Number(values.rounds) }),
  real,
  standIn,
  template,
  say: (text) => (values.json ? undefined : console.log(text)),
});
const { problems, ...figures } = result;
for (const problem of problems.slice(0, 50)) console.log(`  ${problem}`);
console.log(JSON.stringify(figures));
process.exit(result.ok ? 0 : 1);
