// npm run demo: everything from a fresh clone to a running product with its laboratory.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECKOUT, setUp } from './setup.mjs';

setUp({ laboratory: true });
// In this process: whoever stops the demo signals one process.
process.argv = [...process.argv.slice(0, 2), 'demo', ...process.argv.slice(2)];
await import(pathToFileURL(join(CHECKOUT, 'bin', 'fixpoint.js')).href);
