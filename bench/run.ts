import { bulk } from './bulk.js';
import { growth } from './growth.js';
import { print, type Figure } from './figures.js';
import { plainJob } from './plain-job.js';
import { start } from './start.js';
import { streams } from './streams.js';
import { submitToClaimed } from './submit-to-claimed.js';
import { waiting } from './waiting.js';
import { warmJob } from './warm-job.js';

/** `npm run bench [-- NAME…] [--json]`: each part starts what it needs and ends it. */
const PARTS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  'warm-job': warmJob,
  'submit-to-claimed': submitToClaimed,
  bulk,
  'plain-job': plainJob,
  waiting,
  streams,
  growth,
  start,
};

const words = process.argv.slice(2).filter((word, i, all) => !word.startsWith('--') && all[i - 1] !== '--checkout');
const unknown = words.filter((word) => !Object.hasOwn(PARTS, word));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (words.length === 0 || words.includes(name)) figures.push(...(await measure()));
}
print(figures, process.argv.includes('--json'));
process.exit(0);
