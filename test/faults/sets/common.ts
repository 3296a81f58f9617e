import { join } from 'node:path';
import pg from 'pg';
import { collect } from '../checker/collect.js';
import { judge, type Verdict } from '../checker/verdict.js';
import { watchJobs } from '../drive/watch.js';
import { QUIET, type World } from '../drive/jobs.js';
import type { Build } from '../build/build.js';
import { dice, sleep, type Dice } from '../rig/folders.js';
import { createPatience, HANGS_MS, until } from '../../support/patience.js';
import { publicKeys, type Template } from '../rig/template.js';
import { startRig, type Rig, type RigOptions } from '../rig/rig.js';

export interface SetOptions {
  readonly seed: number;
  /** How many faults of its kind; the set's own default where absent. */
  readonly rounds?: number;
  /** Of a set that plays a list (the fail points), the part that is played: above 0, at most 1. */
  readonly share?: number;
  readonly builds: Builds;
  readonly template: Template;
  readonly say: (text: string) => void;
}

/** Made when they are first asked for. */
export interface Builds {
  readonly real: Build;
  readonly standIn: Build;
}

export interface SetResult extends Verdict {
  readonly set: string;
  readonly seed: number;
  readonly faults: number;
  readonly executor: 'engine' | 'stand-in';
  readonly seconds: number;
  readonly note?: string;
  readonly kept?: string;
}

export type FaultSet = (options: SetOptions) => Promise<SetResult>;

export interface Stage {
  readonly rig: Rig;
  readonly world: World;
  readonly nemesis: Dice;
  readonly say: (text: string) => void;
}

export interface Play {
  readonly set: string;
  readonly executor: 'engine' | 'stand-in';
  readonly rig: Partial<RigOptions>;
  /** Instead of the build and the template of the run. */
  readonly build?: Build;
  readonly template?: Template;
  readonly note?: string;
  /** Does the faults; returns what is wrong beyond what the checker sees. `faults` counts what was done where `rig.note` was not used. */
  readonly work: (stage: Stage) => Promise<readonly string[]>;
  readonly faults?: number;
  /** How long a job may be without news before it counts as one that goes nowhere (ms). */
  readonly patienceMs?: number;
}

/** One product, one run of faults, one verdict. The files of a bad run are kept. */
export async function play({ seed, builds, template, say }: SetOptions, play: Play): Promise<SetResult> {
  const { set, executor } = play;
  const started = Date.now();
  const build = play.build ?? (executor === 'engine' ? builds.real : builds.standIn);
  const name = set.replaceAll(/[^a-z]+/g, '-');
  const rig = await startRig({ name, build, template: play.template ?? template, ...play.rig });
  const world = worldOf(rig, seed, play.patienceMs);
  let keepFiles = true;
  try {
    const problems = await play.work({ rig, world, nemesis: dice(seed + 1), say });
    world.watch.stop();
    await untilQuiet(rig, play.patienceMs);
    const verdict = await verdictOf(rig, problems);
    keepFiles = !verdict.ok;
    const faults = play.faults ?? rig.kills.length;
    const seconds = Math.round((Date.now() - started) / 100) / 10;
    const kept = keepFiles ? { kept: rig.files } : {};
    const note = play.note === undefined ? {} : { note: play.note };
    return { set, seed, faults, executor, seconds, ...note, ...kept, ...verdict };
  } finally {
    world.watch.stop();
    await rig.stop({ keepFiles });
  }
}

function worldOf(rig: Rig, seed: number, patienceMs = HANGS_MS): World {
  return {
    client: rig.client,
    watch: watchJobs(rig.client, { patienceMs }),
    ledgers: rig.ledgers,
    dice: dice(seed),
    counter: { n: 0 },
    patienceMs,
  };
}

/** A connection with all rights, for what only a fault may do. */
export async function asAdmin<T>(rig: Rig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const url = new URL(rig.postgres.adminUrl);
  url.pathname = '/fixpoint';
  const client = new pg.Client({ connectionString: url.toString() });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Until every job and rollout is where it may stay: at its end or with a person. One that is still on its way when a set has done its
 * faults is waited for as long as anything is written about such jobs.
 */
async function untilQuiet(rig: Rig, patienceMs = HANGS_MS): Promise<void> {
  const patience = createPatience('jobs on their way', patienceMs);
  const onTheirWay = () =>
    asAdmin(rig, async (client) => {
      const { rows } = await client.query<{ jobs: string; rollouts: string; news: string | null }>(
        `SELECT count(DISTINCT job.id) AS jobs, max(event.n) AS news,
           (SELECT count(*) FROM rollouts WHERE status = 'running') AS rollouts
         FROM jobs AS job LEFT JOIN audit_events AS event ON event.job_id = job.id WHERE job.state <> ALL ($1)`,
        [QUIET],
      );
      return rows[0];
    });
  for (;;) {
    const now = await onTheirWay();
    const left = now === undefined ? 0 : Number(now.jobs) + Number(now.rollouts);
    if (left === 0 || patience.isOver(`${left} ${now?.news}`)) return;
    await sleep(200);
  }
}

/** Waits until every event is chained, then reads the ledgers and judges. A process that ended by itself is a problem too. */
export async function verdictOf(rig: Rig, more: readonly string[] = []): Promise<Verdict> {
  await until('every event is chained', () =>
    asAdmin(rig, async (client) => {
      const { rows } = await client.query<{ left: string }>(
        'SELECT count(*) AS left FROM audit_events e WHERE NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.event_n = e.n)',
      );
      return rows[0]?.left === '0';
    }),
  );
  const ledgers = await collect({
    answersFile: join(rig.files, 'answers.jsonl'),
    ledgerFolder: rig.ledgers,
    publicKeys: publicKeys(rig.home),
    kills: rig.kills,
    get: async (path) => {
      const who = path.includes('/audit') ? 'auditor' : 'admin';
      // A job that is not there is an answer too.
      return rig.client.insist(who, 'GET', path);
    },
  });
  const verdict = judge(ledgers);
  const problems = [...verdict.problems, ...rig.crashes, ...more];
  return { ...verdict, ok: verdict.ok && problems.length === 0, problems };
}
