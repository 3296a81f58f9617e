// npm start: the product for real use.
import { setUp } from './setup.mjs';

setUp({ laboratory: false });
process.argv[2] = 'up';
await import('../bin/fixpoint.js');
