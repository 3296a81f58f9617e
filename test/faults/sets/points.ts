import { join } from 'node:path';
import { populate } from '../drive/populate.js';
import { createPush, leadsTo } from '../drive/steer.js';
import { rareLives } from '../drive/rare.js';
import { addVariant } from '../drive/variants.js';
import type { FailPoint } from '../build/instrument.js';
import { dice, newFolder, sleep } from '../rig/folders.js';
import { createPatience } from '../../support/patience.js';
import type { Rig } from '../rig/rig.js';
import { play, type FaultSet, type SetOptions, type SetResult } from './common.js';

const TWICE = 2;

const NO_ROLLOUTS = 'the traffic of this set has no rollouts or standing approvals: played without a crash, in ';

/** Points that this set cannot reach, and where they are reached instead, or that they are not yet. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'src/usecases/phases/run-phase.ts:runIn:session.runPhase':
    'a phase as the interactive user, by the module user-session: test/usecases/user-session-crash.test.ts',
  'src/usecases/claim/claim-job.ts:waitForRollout:jobs.transition': `${NO_ROLLOUTS}test/usecases/rollouts.test.ts`,
  'src/usecases/rollouts/authority/issue.ts:issueChild:jobs.transition': `${NO_ROLLOUTS}test/usecases/rollouts.test.ts`,
  'src/usecases/decide/authorise-standing.ts:judge:jobs.transition': `${NO_ROLLOUTS}test/security/standing.test.ts`,
};

/**
 * Every fail point kills its process twice, or as often as it is told (./counts.ts). Each process is armed with all points that are still owed and dies at the first it
 * reaches, so that many jobs are always somewhere in the middle. A point that is never reached fails the set.
 */
export const points: FaultSet = async (options) => {
  const here = ({ name }: FailPoint) =>
    !Object.keys(ELSEWHERE).some((call) => name === `${call}:before` || name === `${call}:after`);
  const inEngine = ({ file }: FailPoint) => file.startsWith('src/adapters/powershell/');
  const nearPoints = someOf(options, options.builds.standIn.points.filter(here));
  const enginePoints = someOf(options, options.builds.real.points.filter(inEngine));
  const [near, engine] = await Promise.all([
    playPoints(options, 'stand-in', nearPoints),
    playPoints(options, 'engine', enginePoints),
  ]);
  const sum = (
    name:
      | 'acknowledged'
      | 'lost'
      | 'unapproved'
      | 'repeats'
      | 'untrue'
      | 'overlaps'
      | 'chainBreaks'
      | 'unknownReconciled'
      | 'unknownLeft'
      | 'jobs'
      | 'effects'
      | 'faults',
  ) => near[name] + engine[name];
  return {
    ...near,
    note: `${nearPoints.length} points with a stand-in executor for speed, ${enginePoints.length} in the engine's adapter with the engine`,
    acknowledged: sum('acknowledged'),
    lost: sum('lost'),
    unapproved: sum('unapproved'),
    repeats: sum('repeats'),
    untrue: sum('untrue'),
    overlaps: sum('overlaps'),
    chainBreaks: sum('chainBreaks'),
    unknownReconciled: sum('unknownReconciled'),
    unknownLeft: sum('unknownLeft'),
    jobs: sum('jobs'),
    effects: sum('effects'),
    faults: sum('faults'),
    progressP99: Math.max(near.progressP99, engine.progressP99),
    seconds: Math.max(near.seconds, engine.seconds),
    ok: near.ok && engine.ok,
    problems: [...near.problems, ...engine.problems],
  };
};

/** That part of the points that is played, the same for the same seed. */
function someOf({ seed, share = 1 }: SetOptions, list: readonly FailPoint[]): readonly FailPoint[] {
  if (share >= 1) return list;
  const draw = dice(seed);
  return list
    .map((point) => ({ point, place: draw.next() }))
    .sort((a, b) => a.place - b.place)
    .slice(0, Math.ceil(list.length * share))
    .map(({ point }) => point);
}

const FEW = 6;
const told = (owed: readonly string[]) => (owed.length > FEW ? owed.length : owed.join(', '));

function playPoints(
  options: SetOptions,
  executor: 'engine' | 'stand-in',
  list: readonly FailPoint[],
): Promise<SetResult> {
  const times = options.rounds ?? TWICE;
  const owed = new Map(list.map(({ name }) => [name, times]));
  const runbooks = join(newFolder('runbooks'), 'all');
  addVariant(runbooks, 'ledger');
  addVariant(runbooks, 'ledger-short', { 'expiresIn: 24h': 'expiresIn: 2s' });
  let rig: Rig | undefined;
  const settle = () => {
    const left = new Map(owed);
    for (const { name } of rig?.notes().acted ?? []) left.set(name, (left.get(name) ?? 0) - 1);
    return [...left].filter(([, count]) => count > 0).map(([name]) => name);
  };
  return play(options, {
    set: 'points',
    executor,
    faults: list.length * times,
    rig: {
      workers: executor === 'engine' ? 2 : 4,
      env: { FIXPOINT_RUNBOOKS: runbooks },
      // Nothing is armed until the product is up.
      arm: () => (rig ? { FAULTS_ARMED: settle().join(',') } : {}),
    },
    async work(stage) {
      rig = stage.rig;
      const { world, say } = stage;
      const people = populate(world, executor === 'engine' ? 6 : 12, undefined, rareLives(runbooks), () =>
        leadsTo(settle()),
      );
      const pusher = createPush(rig);
      for (const keeper of rig.keepers) keeper.signal('SIGKILL');
      // One that is never reached stops the progress of the set; one that is reached late does not.
      const patience = createPatience('fail points that are owed');
      for (let round = 0; settle().length > 0 && !patience.isOver(rig.notes().acted.length); round++) {
        await sleep(1000);
        if (executor === 'stand-in') await pusher.push(settle());
        if (round % 15 === 14) say(`points (${executor}): ${told(settle())} of ${list.length} still owed`);
      }
      await pusher.close();
      const never = settle();
      rig.kills.push(...rig.notes().acted.map(({ name, at }) => ({ what: `kill at ${name}`, at })));
      await people.stop();
      return [...people.failures, ...never.map((name) => `fail point never reached often enough: ${name}`)];
    },
  });
}
