#!/usr/bin/env node
// Plain JavaScript: it must say something useful before anything is installed.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// What a command writes is for its own user unless a mode says otherwise.
process.umask(0o077);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Fixpoint needs Node 20.19 or later (24 is recommended); this is ${process.versions.node}.`);
  process.exit(2);
}
const checkout = join(dirname(fileURLToPath(import.meta.url)), '..');
if (!existsSync(join(checkout, 'node_modules', 'commander'))) {
  console.error('The packages are not installed yet. Run: npm ci   (or npm run demo, which does everything)');
  process.exit(2);
}
const compiled = join(checkout, 'dist', 'src', 'cli.js');
// In production nothing is compiled on the way: the cache of the compiler is in a folder that any account could have made before.
const isProduction = process.env.FIXPOINT_MODE === 'production';
if (isProduction && !existsSync(compiled)) {
  console.error('The program is not built yet. Run as its owner: npm run build');
  process.exit(2);
}
// A checkout has the demo and its laboratory, which add their commands; an image has the compiled product alone.
const source = (isProduction ? [] : ['demo', 'src'])
  .map((folder) => join(checkout, folder, 'cli.ts'))
  .find((path) => existsSync(path));
if (source !== undefined) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(pathToFileURL(source).href);
} else {
  await import(pathToFileURL(compiled).href);
}
