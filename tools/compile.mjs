// The product as plain JavaScript in dist, for npm start: a part that compiles its own TypeScript takes three times as long to start.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyAssets } from './copy-assets.mjs';
import { CHECKOUT } from './setup.mjs';

const FOLDERS = ['src', 'workers'];
const DIST = join(CHECKOUT, 'dist');

/** Compiles unless dist is what these sources make; writes nothing then. */
export async function compileIfChanged() {
  const stamp = join(DIST, 'stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesDigest()) return;
  try {
    await compile();
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
    console.error(`${DIST} is missing or older than the sources, and this account may not write it.`);
    console.error('Run npm run build as the owner of the folder, then start again.');
    process.exit(1);
  }
}

/** SHA-256 over everything that dist is made from. */
function sourcesDigest() {
  const hash = createHash('sha256');
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(CHECKOUT, folder), { recursive: true }).map((name) => join(folder, name)),
  );
  for (const path of ['tools/compile.mjs', 'tools/copy-assets.mjs', ...paths.sort()]) {
    if (!statSync(join(CHECKOUT, path)).isFile()) continue;
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(CHECKOUT, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Compiles without a look at the types (`npm run check` does that); what an earlier version left goes. Takes about a second. */
export async function compile() {
  // Not at the top: a start that has nothing to compile does without.
  const { build, stop } = await import('esbuild');
  const stamp = sourcesDigest();
  // Whole or not at all: a product that runs from dist starts its parts again from there.
  const out = `${DIST}.new`;
  rmSync(out, { recursive: true, force: true });
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(join(CHECKOUT, folder), { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(CHECKOUT, folder, name)),
  );
  await build({
    entryPoints: sources,
    outdir: out,
    outbase: CHECKOUT,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'warning',
  });
  await stop();
  copyAssets(out);
  writeFileSync(join(out, 'stamp'), stamp);
  rmSync(DIST, { recursive: true, force: true });
  renameSync(out, DIST);
}
