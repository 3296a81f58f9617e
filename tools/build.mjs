// npm run build: compiles the product to dist, as the image and npm start run it, and builds the engine where its sources are.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './compile.mjs';
import { CHECKOUT } from './setup.mjs';

const engine = join(CHECKOUT, 'engine', 'build.sh');
if (existsSync(engine)) {
  const { status } = spawnSync('bash', [engine], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(1);
}
await compile();
