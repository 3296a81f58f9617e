import { parseArgs } from 'node:util';
import { bulk } from './bulk.js';
import { compare } from './compare/index.js';
import { growth } from './growth.js';
import { print, type Figure } from './figures.js';
import { lists } from './lists.js';
import { plainJob } from './plain-job.js';
import { start } from './start.js';
import { streams } from './streams.js';
import { submitToClaimed } from './submit-to-claimed.js';
import { transports } from './transports.js';
import { waiting } from './waiting.js';
import { warmJob } from './warm-job.js';

/** `npm run bench [-- NAME…] [--json]`: each part starts what it needs and ends it. `--compare [--servers N] [--runs N] [--only TEXT] [--calibrate]` compares with others. */
const PARTS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  'warm-job': warmJob,
  'submit-to-claimed': submitToClaimed,
  bulk,
  lists,
  'plain-job': plainJob,
  waiting,
  streams,
  growth,
  start,
  transports,
};

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    redis: { type: 'boolean' },
    full: { type: 'boolean' },
    checkout: { type: 'string' },
    compare: { type: 'boolean', default: false },
    calibrate: { type: 'boolean', default: false },
    servers: { type: 'string', default: '50' },
    only: { type: 'string', default: '' },
    runs: { type: 'string', default: '5' },
  },
});
if (values.compare) {
  const { calibrate, only } = values;
  await compare({ servers: Number(values.servers), runs: Number(values.runs), calibrate, only });
  // Everything has ended; sockets of a client's keep-alive pool would hold the process for seconds.
  process.exit(0);
}
const unknown = words.filter((word) => !Object.hasOwn(PARTS, word));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (words.length === 0 || words.includes(name)) figures.push(...(await measure()));
}
print(figures, values.json);
process.exit(0);
