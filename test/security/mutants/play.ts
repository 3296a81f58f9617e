import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { randomOf } from '../../generative/random.js';
import { tally, type Figure } from '../figures/figure.js';
import { GUARDED, removalsOf, type Removal } from './checks.js';

/** What the suites read, as a copy of its own for each lane: the checkout itself is never changed. */
const COPIED = [
  'src',
  'test',
  'lab',
  'workers',
  'tools',
  'bench',
  'docs',
  'package.json',
  'jest.config.mjs',
  'tsconfig.json',
];
const LINKED = ['node_modules', 'engine', 'runbooks', 'examples'];
/** Of every file, in a run of .ci/run; those of the database are for a release. */
const SAMPLE = 2;

/** `same`: why nothing is different without the check. */
type Mutant = Removal & { readonly suites: string; readonly same?: string };

/** Takes checks out, one at a time; each must turn one of its suites red. A sample, or all of them. */
export async function* mutantLines(
  which: 'all' | 'sample',
  seed: number,
): AsyncGenerator<Figure & { seconds: number }> {
  const started = performance.now();
  const random = randomOf(seed, 99);
  const chosen = GUARDED.filter(({ database }) => which === 'all' || !database).flatMap(
    ({ file, suites, same = {} }) => {
      const removals = removalsOf(file).map((removal): Mutant => {
        const reason = same[removal.check];
        return { ...removal, suites, ...(reason === undefined ? {} : { same: reason }) };
      });
      return which === 'all' ? removals : random.shuffled(removals).slice(0, SAMPLE);
    },
  );
  const told = tally('mutants');
  for (const problem of namesNothing()) told.add(problem);
  const lanes = Array.from({ length: Math.max(2, availableParallelism()) }, makeLane);
  const waiting = [...chosen];
  try {
    const [first] = lanes;
    if (first) for (const problem of await notGreen(first, chosen)) told.add(problem);
    await Promise.all(
      lanes.map(async (lane) => {
        for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
          told.add(whatIsWrong(mutant, await turnsRed(lane, mutant)));
        }
      }),
    );
  } finally {
    for (const lane of lanes) rmSync(lane, { recursive: true, force: true });
  }
  const equivalent = chosen.filter(({ same }) => same !== undefined).length;
  yield { ...told.figure({ equivalent }), seconds: Math.round((performance.now() - started) / 100) / 10 };
}

/** Every mutant must turn a suite red, except those that are said to change nothing, which must not. */
function whatIsWrong({ file, line, check, same }: Mutant, caught: boolean): string | undefined {
  if (caught === (same === undefined)) return undefined;
  const what = `${file}:${line} without "${check}"`;
  return caught ? `${what}: a suite turns red, so it is not true that ${same}` : `${what}: no suite turns red`;
}

/** Entries of the lists of equal checks that are no check of their file any more. */
function namesNothing(): readonly string[] {
  return GUARDED.flatMap(({ file, same = {} }) => {
    const checks = new Set(removalsOf(file).map(({ check }) => check));
    return Object.keys(same)
      .filter((check) => !checks.has(check))
      .map((check) => `${file} has no check "${check}" any more`);
  });
}

function makeLane(): string {
  mkdirSync('/tmp/fixpoint-tests', { recursive: true, mode: 0o755 });
  const lane = mkdtempSync('/tmp/fixpoint-tests/mutant-');
  for (const name of COPIED) cpSync(join(INSTALL_ROOT, name), join(lane, name), { recursive: true });
  for (const name of LINKED) symlinkSync(join(INSTALL_ROOT, name), join(lane, name));
  return lane;
}

/** Without a mutant the suites are green: otherwise red shows nothing. */
async function notGreen(lane: string, mutants: readonly Mutant[]): Promise<readonly string[]> {
  const suites = [...new Set(mutants.map((mutant) => mutant.suites))];
  const problems: string[] = [];
  for (const pattern of suites)
    if (!(await passes(lane, pattern))) problems.push(`${pattern} is red without any mutant`);
  return problems;
}

async function turnsRed(lane: string, { file, text, suites }: Mutant): Promise<boolean> {
  const path = join(lane, file);
  const original = readFileSync(path, 'utf8');
  writeFileSync(path, text);
  try {
    return !(await passes(lane, suites));
  } finally {
    writeFileSync(path, original);
  }
}

function passes(lane: string, suites: string): Promise<boolean> {
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const child = spawn(process.execPath, [...jest, suites, '--bail', '--runInBand'], { cwd: lane, stdio: 'ignore' });
  return new Promise((resolve) => child.on('close', (status) => resolve(status === 0)));
}
