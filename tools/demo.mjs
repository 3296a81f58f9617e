// npm run demo, npm run rollout-demo: everything from a fresh clone to a running product with its laboratory.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECKOUT, setUp } from './setup.mjs';

setUp({ laboratory: true });
// In this process: whoever stops the demo signals one process. The first argument is the command.
await import(pathToFileURL(join(CHECKOUT, 'bin', 'fixpoint.js')).href);
