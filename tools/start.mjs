// npm start: the product for real use, compiled first.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECKOUT, setUp } from './setup.mjs';

setUp({ laboratory: false });
// Only now: a fresh clone has no packages before.
const { compile } = await import('./compile.mjs');
await compile();
process.argv[2] = 'up';
await import(pathToFileURL(join(CHECKOUT, 'dist', 'src', 'cli.js')).href);
