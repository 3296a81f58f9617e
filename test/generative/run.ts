// npm run generative: requests made from the OpenAPI document, as many as wanted; see CONTRIBUTING.md.
import { parseArgs } from 'node:util';
import { createRun, uncovered } from './play.js';
import { startWorld } from './world.js';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'hangs-after': { type: 'string' },
  },
});
const seed = Number(values.seed);
const requests = Number(values.requests);
const hangsMs = values['hangs-after'] === undefined ? undefined : Number(values['hangs-after']) * 1000;
const started = performance.now();
const world = await startWorld();
const cpu = process.cpuUsage();
try {
  const run = createRun(world, seed, hangsMs);
  if (values.only === undefined) {
    for (let n = 0; n < requests && run.played === n; n += 1000) {
      await run.play(n, Math.min(n + 1000, requests));
      console.log(
        `${run.played} requests, ${run.faults.length} kinds of faults, ${Math.round((performance.now() - started) / 1000)} s`,
      );
    }
    for (const [name, statuses] of Object.entries(run.counts)) console.log(name.padEnd(32), JSON.stringify(statuses));
    const missing = uncovered(run.counts);
    for (const line of missing) console.log(line);
    process.exitCode = missing.length === 0 ? 0 : 1;
  } else await run.play(Number(values.only), Number(values.only) + 1);
  for (const fault of run.faults) console.log(`\n${fault}`);
  if (run.faults.length > 0) process.exitCode = 1;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    JSON.stringify({
      seed,
      requests: run.played,
      faults: run.faults.length,
      cpuSeconds: Math.round((user + system) / 1e6),
    }),
  );
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await world.product.stop();
}
