import { join } from 'node:path';
import { populate } from '../drive/lives.js';
import { rareLives } from '../drive/rare.js';
import { addVariant } from '../drive/variants.js';
import type { FailPoint } from '../build/instrument.js';
import { newFolder, sleep } from '../rig/folders.js';
import type { Rig } from '../rig/rig.js';
import { play, type FaultSet, type SetOptions, type SetResult } from './common.js';

const TWICE = 2;

/** Points that this set cannot reach, and where they are reached instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'src/usecases/phases.ts:runPhase:session.runPhase':
    'a phase as the interactive user, by the broker: test/usecases/broker-crash.test.ts',
};

/** Which lives lead to the points of a file: what is owed last lies deep in them. */
const LEADS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/prove-waiting|finish-job/, ['the proof takes its time', 'answer is lost and the proof is missing', 'waiting']],
  [/undo-own-changes|fail-job|undo/, ['refused and put back', 'refused', 'undone']],
  [/drift|claim-job/, ['two want the same', 'target changes under a grant', 'contended']],
  [/expire/, ['approval expires']],
  [/defer-job/, ['deferred', 'takes long']],
  [
    /settle|record-in-place/,
    [
      'a person says what the target does not show',
      'answer is lost',
      'answer is lost and the target is closed',
      'once is lost',
    ],
  ],
  [/effects|merge-results/, ['takes long', 'send', 'undone']],
  [/inventory|freeze/, ['target changes under a grant']],
  [/consents/, ['a consent is recorded']],
  [/routing/, ['access is denied']],
  [/catalogue|runbook-worker/, ['a runbook comes and goes']],
];

const leadsTo = (owed: readonly string[]): readonly string[] =>
  LEADS.flatMap(([files, lives]) => (owed.some((name) => files.test(name)) ? lives : []));

/**
 * Every fail point kills its process twice. Each process is armed with all points that are still owed and dies at the first it
 * reaches, so that many jobs are always somewhere in the middle. A point that is never reached fails the set.
 */
export const points: FaultSet = async (options) => {
  const here = ({ name }: FailPoint) =>
    !Object.keys(ELSEWHERE).some((call) => name === `${call}:before` || name === `${call}:after`);
  const inEngine = ({ file }: FailPoint) => file.startsWith('src/adapters/powershell/');
  const [near, engine] = await Promise.all([
    playPoints(options, 'stand-in', options.builds.standIn.points.filter(here)),
    playPoints(options, 'engine', options.builds.real.points.filter(inEngine)),
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
      | 'unknownSettled'
      | 'unknownLeft'
      | 'jobs'
      | 'effects'
      | 'faults',
  ) => near[name] + engine[name];
  return {
    ...near,
    note: `${new Set(options.builds.standIn.points.map(({ name }) => name)).size} points with a stand-in executor for speed, ${options.builds.real.points.filter(inEngine).length} in the engine's adapter with the engine`,
    acknowledged: sum('acknowledged'),
    lost: sum('lost'),
    unapproved: sum('unapproved'),
    repeats: sum('repeats'),
    untrue: sum('untrue'),
    overlaps: sum('overlaps'),
    chainBreaks: sum('chainBreaks'),
    unknownSettled: sum('unknownSettled'),
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
      const { world, nemesis, say } = stage;
      const people = populate(world, executor === 'engine' ? 6 : 16, undefined, rareLives(runbooks), () =>
        leadsTo(settle()),
      );
      for (const keeper of rig.keepers) keeper.signal('SIGKILL');
      const deadline = Date.now() + Math.max(180_000, list.length * times * 2500);
      for (let round = 0; settle().length > 0 && Date.now() < deadline; round++) {
        await sleep(1500);
        const owes = (files: RegExp) => executor === 'stand-in' && settle().some((name) => files.test(name));
        // Told to stop in an orderly way: then what it only read is given back.
        if (owes(/giveBack/)) nemesis.pick(rig.of('worker')).signal('SIGTERM');
        // A result that is heard while the record is away is kept by the worker and merged later.
        if (round % 4 === 3 && owes(/spool|merge-results/)) await stage.rig.postgres.killAndRestart();
        if (round % 10 === 9) say(`points (${executor}): ${settle().length} of ${list.length} still owed`);
      }
      const never = settle();
      rig.kills.push(...rig.notes().acted.map(({ name, at }) => ({ what: `kill at ${name}`, at })));
      await people.stop();
      return [...people.failures, ...never.map((name) => `fail point never reached often enough: ${name}`)];
    },
  });
}
