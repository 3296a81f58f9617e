import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CHECKOUT } from '../../../src/checkout.js';
import type { Mutant } from '../mutants/index.js';
import { instrument, type FailPoint } from './instrument.js';

export interface Build {
  readonly directory: string;
  readonly points: readonly FailPoint[];
  readonly standIn: boolean;
}

export interface BuildOptions {
  readonly directory: string;
  /** The engine replaced by a stand-in executor in the worker's own process: only where speed is the point. */
  readonly standIn?: boolean;
  readonly mutant?: Mutant;
}

const ENGINE_FILE = 'src/adapters/powershell/index.ts';

/** Product code with fail points, as JavaScript in a folder of its own. The product's files stay as they are. */
export function makeBuild({ directory, standIn = false, mutant }: BuildOptions): Build {
  rmSync(directory, { recursive: true, force: true });
  const points: FailPoint[] = [];
  let mutated = false;
  for (const file of sources()) {
    const to = join(directory, file);
    mkdirSync(dirname(to), { recursive: true });
    const read = readFileSync(join(CHECKOUT, file), 'utf8');
    const text = mutant?.file === file ? mutate(read, mutant) : read;
    mutated ||= mutant?.file === file;
    if (!file.endsWith('.ts')) {
      writeFileSync(to, text);
      continue;
    }
    const replaced = standIn && file === ENGINE_FILE;
    const own = replaced ? readFileSync(join(CHECKOUT, 'test/faults/build/stand-in-host.ts'), 'utf8') : text;
    const depth = '../'.repeat(file.split('/').length - 1);
    const made = instrument(own, file, `${depth === '' ? './' : depth}fail-point.js`);
    writeFileSync(to.replace(/\.ts$/, '.js'), made.code);
    // A stand-in's own inside is no part of the product, and what it replaces is not reached.
    if (!(standIn && file.startsWith('src/adapters/powershell/'))) points.push(...made.points);
  }
  if (mutant && !mutated) throw new Error(`mutant ${mutant.name}: ${mutant.file} is no file of the product`);
  const runtime = readFileSync(join(CHECKOUT, 'test/faults/build/fail-point.ts'), 'utf8');
  writeFileSync(join(directory, 'fail-point.js'), instrument(runtime, 'fail-point.ts', './none.js').code);
  cpSync(join(CHECKOUT, 'package.json'), join(directory, 'package.json'));
  mkdirSync(join(directory, 'runbooks'));
  symlinkSync(join(CHECKOUT, 'node_modules'), join(directory, 'node_modules'));
  symlinkSync(join(CHECKOUT, 'engine'), join(directory, 'engine'));
  return { directory, points, standIn };
}

function sources(): readonly string[] {
  return ['src', 'workers'].flatMap((folder) =>
    readdirSync(join(CHECKOUT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(CHECKOUT.length + 1))
      // The command line is no process of the product.
      .filter((file) => !file.startsWith('src/cli')),
  );
}

/** Takes one protection out. The text must be there exactly once: a mutant that no longer fits is a mistake, not a pass. */
export function mutate(text: string, { name, find, replace }: Mutant): string {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`mutant ${name}: its text is there ${parts.length - 1} times, not once`);
  return parts.join(replace);
}
