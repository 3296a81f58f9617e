import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
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
}

const ENGINE_FILE = 'src/adapters/powershell/index.ts';

/** Product code with fail points, as JavaScript in a folder of its own. The product's files stay as they are. */
export function makeBuild({ directory, standIn = false }: BuildOptions): Build {
  rmSync(directory, { recursive: true, force: true });
  const points: FailPoint[] = [];
  for (const file of sources()) {
    const to = join(directory, file);
    mkdirSync(dirname(to), { recursive: true });
    const text = readFileSync(join(INSTALL_ROOT, file), 'utf8');
    if (!file.endsWith('.ts')) {
      writeFileSync(to, text);
      continue;
    }
    const replaced = standIn && file === ENGINE_FILE;
    const own = replaced ? readFileSync(join(INSTALL_ROOT, 'test/faults/build/stand-in-host.ts'), 'utf8') : text;
    const made = instrument(own, file, runtimeFrom(file));
    writeFileSync(to.replace(/\.ts$/, '.js'), made.code);
    // A stand-in's own inside is no part of the product, and what it replaces is not reached.
    if (!(standIn && file.startsWith('src/adapters/powershell/'))) points.push(...made.points);
  }
  const runtime = readFileSync(join(INSTALL_ROOT, 'test/faults/build/fail-point.ts'), 'utf8');
  writeFileSync(join(directory, 'fail-point.js'), instrument(runtime, 'fail-point.ts', './none.js').code);
  cpSync(join(INSTALL_ROOT, 'package.json'), join(directory, 'package.json'));
  mkdirSync(join(directory, 'runbooks'));
  symlinkSync(join(INSTALL_ROOT, 'node_modules'), join(directory, 'node_modules'));
  symlinkSync(join(INSTALL_ROOT, 'engine'), join(directory, 'engine'));
  bundle(directory);
  return { directory, points: reached(directory, points), standIn };
}

/** What the processes hold: a point in code that the command line alone calls would be waited for without an end. */
function reached(directory: string, points: readonly FailPoint[]): readonly FailPoint[] {
  const bundles = PROCESSES.map((file) => readFileSync(join(directory, 'bundle', file), 'utf8'));
  return points.filter(({ name }) => bundles.some((text) => text.includes(`"${name}"`)));
}

function runtimeFrom(file: string): string {
  return `${'../'.repeat(file.split('/').length - 1)}fail-point.js`;
}

/** The processes of the product, each in one file: a start that reads hundreds of files costs more than the fault it follows. */
const PROCESSES = ['src/processes/api.js', 'src/processes/authority.js', 'workers/main.js'];

/** What CommonJS packages expect inside a module. */
const SHIM = [
  "import { createRequire as makeRequire } from 'node:module';",
  "import { fileURLToPath as toPath } from 'node:url';",
  "import { dirname as folderOf } from 'node:path';",
  'const require = makeRequire(import.meta.url);',
  'const __filename = toPath(import.meta.url);',
  'const __dirname = folderOf(__filename);',
].join('\n');

function bundle(directory: string): void {
  const require = createRequire(import.meta.url);
  // The bundler that comes with tsx.
  const { buildSync } = createRequire(require.resolve('tsx'))('esbuild') as { buildSync: (options: object) => unknown };
  buildSync({
    absWorkingDir: directory,
    entryPoints: PROCESSES,
    outbase: '.',
    outdir: 'bundle',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifyWhitespace: true,
    preserveSymlinks: true,
    external: ['pg-native'],
    // Its main file asks for its parts in a way that no bundler sees.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    banner: { js: SHIM },
    logLevel: 'error',
  });
}

function sources(): readonly string[] {
  return ['src', 'workers'].flatMap((folder) =>
    readdirSync(join(INSTALL_ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(INSTALL_ROOT.length + 1)),
  );
}

/** A copy of a build with one protection taken out. */
export function mutateBuild(base: Build, directory: string, mutant: Mutant): Build {
  cpSync(base.directory, directory, { recursive: true, verbatimSymlinks: true });
  for (const file of new Set(mutant.edits.map((edit) => edit.file))) {
    const text = mutate(readFileSync(join(INSTALL_ROOT, file), 'utf8'), file, mutant);
    const to = join(directory, file);
    if (!file.endsWith('.ts')) writeFileSync(to, text);
    else writeFileSync(to.replace(/\.ts$/, '.js'), instrument(text, file, runtimeFrom(file)).code);
  }
  bundle(directory);
  return { ...base, directory };
}

/** The text must be there exactly once: a mutant that no longer fits is a mistake, not a pass. */
export function mutate(text: string, file: string, { name, edits }: Pick<Mutant, 'name' | 'edits'>): string {
  return edits
    .filter((edit) => edit.file === file)
    .reduce((current, { find, replace }) => {
      const parts = current.split(find);
      if (parts.length !== 2)
        throw new Error(`mutant ${name}: its text is ${parts.length - 1} times in ${file}, not once`);
      return parts.join(replace);
    }, text);
}
