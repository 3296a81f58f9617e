// npm start: the product for real use, as npm run build made it. Without a build, or with another version's, it builds first.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECKOUT, setUp } from './setup.mjs';

setUp({ laboratory: false });
// Only now: a fresh clone has no packages before.
const { compileIfChanged } = await import('./compile.mjs');
await compileIfChanged();
process.argv[2] = 'up';
await import(pathToFileURL(join(CHECKOUT, 'dist', 'src', 'cli.js')).href);
