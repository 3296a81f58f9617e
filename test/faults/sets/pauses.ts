import { populate } from '../drive/populate.js';
import { sleep } from '../rig/folders.js';
import { signalIfThere } from '../rig/signal.js';
import { createPatience } from '../../support/patience.js';
import { cuttableWay } from '../rig/cuttable.js';
import { play, type FaultSet } from './common.js';

/** Longer than the lease of the rig (2.5 s), shorter than twice that or not: both sides of every limit. */
const pause = (below: (n: number) => number) => 3000 + below(3500);

/**
 * SIGSTOP of workers and engines beyond the lease, and workers cut off from the database for as long, one alone or all of them:
 * two faults at a time, so that one resumes while another took over.
 */
export const stop: FaultSet = (options) => {
  const names = Array.from({ length: 4 }, (_, i) => `worker${i}`);
  const way = cuttableWay(names);
  return play(options, {
    set: 'stop',
    executor: 'engine',
    note: way.how,
    rig: { workers: names.length, way },
    async work({ rig, world, nemesis }) {
      const people = populate(world, 8, ['set', 'send', 'send', 'contended', 'undone']);
      const workers = rig.of('worker');
      const total = options.rounds ?? 20;
      let begun = 0;
      const patience = createPatience('no worker is up to be stopped');
      const lane = async (mine: readonly number[]) => {
        while (begun < total) {
          patience.check(rig.kills.length);
          begun += 1;
          const number = begun;
          await sleep(nemesis.below(800));
          const keeper = workers[nemesis.pick(mine)];
          const ms = pause(nemesis.below);
          if (number % 4 === 0) {
            const whom = number % 8 === 0 || keeper === undefined ? names : [keeper.name];
            rig.note(`cut ${whom.join(', ')} from the database`);
            await way.cut(whom, ms);
            continue;
          }
          const engine = number % 2 === 0 ? keeper?.engines()[0] : undefined;
          const pid = engine ?? keeper?.pid();
          if (pid === undefined || keeper?.isReady() !== true) {
            begun -= 1;
            await sleep(100);
            continue;
          }
          rig.note(`stop ${engine === undefined ? 'worker' : 'host'} ${keeper.name}`);
          signalIfThere(pid, 'SIGSTOP');
          await sleep(ms);
          signalIfThere(pid, 'SIGCONT');
        }
      };
      await Promise.all([lane([0, 1]), lane([2, 3])]);
      await people.stop();
      return people.failures;
    },
  }).finally(way.close);
};
