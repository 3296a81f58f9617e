import { chmodSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { uuidv7 } from 'uuidv7';
import { startEmbeddedPostgres } from '../src/adapters/postgres/embedded.js';
import { createRecord, migrate, roleName, withDatabase } from '../src/adapters/postgres/index.js';
import { serviceFact } from '../src/usecases/facts.js';
import { median, percentile, type Figure } from './figures.js';
import { fill, type Filled } from './growth-fill.js';

const SMALL = 1000;
const ROUNDS = 5;
const A_ROUND = 300;

type Record = ReturnType<typeof createRecord>;
interface Side {
  readonly api: Record;
  readonly relay: Record;
  readonly worker: Record;
  readonly filled: Filled;
  next: number;
}

/**
 * The record with a thousand finished jobs beside one with a hundred thousand (`--full`: a million), on one server, asked in turns.
 * What counts is the ratio of the p99, of which the median over the rounds is told: what may not grow is the cost of claiming and listing.
 */
export async function growth(): Promise<readonly Figure[]> {
  const large = process.argv.includes('--full') ? 1_000_000 : 100_000;
  const home = mkdtempSync('/tmp/fixpoint-growth-');
  chmodSync(home, 0o755);
  const postgres = await startEmbeddedPostgres({ home, log: () => undefined });
  const sides: Side[] = [];
  try {
    for (const [name, size] of [
      ['small', SMALL],
      ['large', large],
    ] as const)
      sides.push(await open(postgres.adminUrl, name, size));
    const [few, many] = sides as [Side, Side];
    const figures: Figure[] = [];
    for (const [what, step] of Object.entries(STEPS)) {
      const taken = { few: [] as number[], many: [] as number[], ratios: [] as number[] };
      for (let round = -1; round < ROUNDS; round++) {
        const times = { few: [] as number[], many: [] as number[] };
        for (let i = 0; i < (round < 0 ? 30 : A_ROUND); i++) {
          // In turns, and in turns who is first.
          for (const side of i % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const))
            times[side].push(await timed(step, side === 'few' ? few : many));
        }
        if (round < 0) continue;
        taken.few.push(...times.few);
        taken.many.push(...times.many);
        taken.ratios.push(percentile(times.many, 0.99) / percentile(times.few, 0.99));
      }
      figures.push(
        { name: `${what}, p99 with ${SMALL} finished jobs`, unit: 'ms', values: [percentile(taken.few, 0.99)] },
        { name: `${what}, p99 with ${large} finished jobs`, unit: 'ms', values: [percentile(taken.many, 0.99)] },
        { name: `${what}, ratio of the medians`, unit: '', values: [median(taken.many) / median(taken.few)] },
        { name: `${what}, ratio of the p99`, unit: '', values: taken.ratios },
      );
    }
    return figures;
  } finally {
    for (const { api, relay, worker } of sides) await Promise.all([api.close(), relay.close(), worker.close()]);
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function open(adminUrl: string, database: string, size: number): Promise<Side> {
  const passwords = { api: 'a', authority: 'a', relay: 'a', worker: 'a', carrier: 'a' };
  await migrate({ adminUrl, database, passwords });
  const filled = await fill(withDatabase(adminUrl, database), size, ROUNDS * A_ROUND + 30);
  const record = (role: 'api' | 'relay' | 'worker') => {
    const url = new URL(withDatabase(adminUrl, database));
    url.username = roleName(role);
    url.password = passwords[role];
    return createRecord(url.toString(), { max: 2 });
  };
  return { api: record('api'), relay: record('relay'), worker: record('worker'), filled, next: 0 };
}

async function timed(step: (side: Side) => Promise<void>, side: Side): Promise<number> {
  const started = performance.now();
  await step(side);
  return performance.now() - started;
}

const STEPS: Readonly<globalThis.Record<string, (side: Side) => Promise<void>>> = {
  /** What happens between a message in the outbox and a job that runs. */
  async claim(side) {
    const id = side.filled.queued[side.next++];
    if (id === undefined) throw new Error('no more jobs to claim');
    const job = await side.worker.jobs.get(id);
    const epoch = (job?.epoch ?? 0) + 1;
    const claimed = await side.worker.jobs.transition<never>(id, ({ job: current, now }) => ({
      ok: true,
      value: {
        to: 'running',
        set: { epoch, leaseUntil: new Date(now.getTime() + 15_000), worker: 'bench', code: null, detail: null },
        events: [serviceFact(uuidv7, 'worker', 'job.claimed', current, { data: { epoch } })],
        writes: [{ kind: 'lock', keys: [`host:${id}`] }],
      },
    }));
    if (!claimed.ok) throw new Error(JSON.stringify(claimed.error));
    await side.relay.relay.chain(1000);
  },
  /** What people look at: newest, by state, by person, a window of time long ago, a page from the middle. */
  async list({ api: { queries }, filled: { middle } }) {
    const limit = 50;
    const day = 86_400_000;
    const longAgo = { submittedFrom: new Date(Date.now() - 150 * day), submittedTo: new Date(Date.now() - 149 * day) };
    await queries.list({ limit });
    await queries.list({ limit, state: 'succeeded' });
    await queries.list({ limit, requester: 'person7' });
    await queries.list({ limit, ...longAgo });
    await queries.list({ limit, before: middle });
  },
  /** What a new request asks first, and what the relay and the metrics ask again and again. */
  async 'rate limit, due jobs, figures, audit page'({ api, relay, filled: { middle } }) {
    await api.queries.countRecent('person7', middle, new Date(Date.now() - 60_000));
    await relay.relay.wakeDue(() => Promise.resolve(new Set()), 500);
    await api.figures.read();
    await api.audit.query({ limit: 50 });
  },
};
