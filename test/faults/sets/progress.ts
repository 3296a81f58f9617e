import { newName, seeThrough, submit } from '../drive/jobs.js';
import type { Life } from '../drive/lives.js';
import { populate } from '../drive/populate.js';
import { changesInHand } from '../drive/steer.js';
import { sleep } from '../rig/folders.js';
import { signalIfThere } from '../rig/signal.js';
import { createPatience } from '../../support/patience.js';
import type { Keeper } from '../rig/keeper.js';
import type { Rig } from '../rig/rig.js';
import { asAdmin, play, type FaultSet } from './common.js';

/** The product's own times, as they are by default. */
const LEASE_S = 15;
const RECONCILE_AFTER_S = 25;
/** What comes on top of them: 5 s where a part is up within a second, and so many times more on a machine where it takes longer. */
const WORK_S = 5;

/** The most from a kill to the next event of a job that was in flight. */
const mostSeconds = (slowestStartMs: number) =>
  LEASE_S + RECONCILE_AFTER_S + WORK_S * Math.max(1, slowestStartMs / 1000);

const VICTIMS = ['worker', 'host', 'api', 'relay', 'authority', 'every worker'] as const;

const long: Life = async (world) => {
  const id = await submit(world, { action: 'set', objects: [newName(world, 'p')], holdMs: 2500 });
  if (id) await seeThrough(world, id);
};
const short: Life = async (world) => {
  const id = await submit(world, { action: 'set', objects: [newName(world, 'p')] });
  if (id) await seeThrough(world, id);
};

/**
 * One kill at a time, always while changes are in hand, with the product's own lease (15 s) and settling time (25 s): every job
 * that was in flight shows its next event within 45 s, or what 45 s are on this machine. The next kill waits until each has.
 */
export const progress: FaultSet = async (options) => {
  let slowestStartMs = 0;
  const result = await play(options, {
    set: 'progress',
    executor: 'engine',
    rig: {
      workers: 2,
      slots: 2,
      env: { FIXPOINT_LEASE_MS: `${LEASE_S}000`, FIXPOINT_RECONCILE_AFTER_MS: `${RECONCILE_AFTER_S}000` },
    },
    async work({ rig, world, nemesis }) {
      const people = populate(world, 6, ['long', 'short', 'short'], { long, short });
      for (let i = 0; i < (options.rounds ?? VICTIMS.length); i++) {
        const what = VICTIMS[i % VICTIMS.length] ?? 'worker';
        const patience = createPatience('changes in hand');
        const whom = what === 'every worker' || what === 'host' ? 'worker' : what;
        const up = () => rig.of(whom).every((keeper) => keeper.isReady());
        while (!(up() && changesInHand(rig))) {
          patience.check(i);
          await sleep(50);
        }
        await sleep(nemesis.below(700));
        for (const keeper of what === 'every worker' ? rig.of('worker') : [nemesis.pick(rig.of(whom))])
          kill(keeper, what === 'host');
        rig.note(`kill ${what}`);
        await untilAllMoved(rig);
      }
      await people.stop();
      slowestStartMs = Math.max(...rig.keepers.map((keeper) => keeper.slowestStartMs()));
      return people.failures;
    },
  });
  const most = mostSeconds(slowestStartMs);
  const late =
    result.progressP99 > most
      ? [`the next progress took ${result.progressP99} s, of at most ${most.toFixed(1)} s`]
      : [];
  return { ...result, ok: result.ok && late.length === 0, problems: [...result.problems, ...late] };
};

function kill(keeper: Keeper, itsEngine: boolean): void {
  const [engine] = itsEngine ? keeper.engines() : [];
  if (engine === undefined || !signalIfThere(engine, 'SIGKILL')) keeper.signal('SIGKILL');
}

/** Until every job that is in flight now has a later event. */
async function untilAllMoved(rig: Rig): Promise<void> {
  await asAdmin(rig, async (client) => {
    const { rows } = await client.query<{ id: string; n: string }>(`
      SELECT job.id, max(event.n) AS n FROM jobs AS job JOIN audit_events AS event ON event.job_id = job.id
      WHERE job.state IN ('planning', 'queued', 'running', 'rolling-back', 'unknown') GROUP BY job.id`);
    const left = async () => {
      const still = await client.query<{ left: string }>(
        `SELECT count(*) AS left FROM unnest($1::uuid[], $2::bigint[]) AS was(id, n)
         WHERE NOT EXISTS (SELECT 1 FROM audit_events AS event WHERE event.job_id = was.id AND event.n > was.n)`,
        [rows.map(({ id }) => id), rows.map(({ n }) => n)],
      );
      return still.rows[0]?.left ?? '0';
    };
    const patience = createPatience('jobs that were in flight at a kill');
    for (let now = await left(); now !== '0' && !patience.isOver(now); now = await left()) await sleep(200);
  });
}
