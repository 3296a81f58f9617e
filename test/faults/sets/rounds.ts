import { populate } from '../drive/populate.js';
import { sleep } from '../rig/folders.js';
import { signalIfThere } from '../rig/signal.js';
import { createPatience } from '../../support/patience.js';
import { play, type FaultSet } from './common.js';

const VICTIMS = ['api', 'authority', 'relay', 'worker', 'worker', 'host', 'host'] as const;

/** So many kills, one after the other, then a calm in which jobs get through: without it only starts would be killed. */
const STORM = 10;
const CALM_MS = { least: 4000, most: 10_000 };

/** Random kill -9 over api, authority, relay, worker and engine, one after the other, while people go on working. */
export const rounds: FaultSet = (options) =>
  play(options, {
    set: 'rounds',
    executor: 'engine',
    rig: { workers: 3 },
    async work({ rig, world, nemesis, say }) {
      const count = options.rounds ?? 100;
      const people = populate(world, 8);
      await sleep(1000);
      const patience = createPatience('nothing is up to be killed');
      while (rig.kills.length < count) {
        patience.check(rig.kills.length);
        const what = nemesis.pick(VICTIMS);
        // What was killed needs a moment to be up again, or nothing is ever in the middle of anything.
        await sleep(300 + nemesis.below(800));
        const ready = rig.of(what === 'host' ? 'worker' : what).filter((keeper) => keeper.isReady());
        if (ready.length === 0) continue;
        const keeper = nemesis.pick(ready);
        if (what === 'host') {
          const engine = keeper.engines()[0];
          if (engine === undefined || !signalIfThere(engine, 'SIGKILL')) continue;
        } else keeper.signal('SIGKILL');
        rig.note(`kill ${what} ${keeper.name}`);
        if (rig.kills.length % STORM === 0) await sleep(CALM_MS.least + nemesis.below(CALM_MS.most - CALM_MS.least));
        if (rig.kills.length % 25 === 0) say(`rounds: ${rig.kills.length} of ${count} kills`);
      }
      await people.stop();
      return people.failures;
    },
  });
