import { populate } from '../drive/lives.js';
import { dice, sleep } from '../rig/folders.js';
import { startRig } from '../rig/rig.js';
import { verdictOf, worldOf, type FaultSet } from './common.js';

const VICTIMS = ['api', 'authority', 'relay', 'worker', 'worker', 'host', 'host'] as const;

/** Random kill -9 over api, authority, relay, worker and engine, one after the other, while people go on working. */
export const rounds: FaultSet = async ({ seed, rounds: count = 100, real, template, say }) => {
  const started = Date.now();
  const rig = await startRig({ name: 'rounds', build: real, template, workers: 3 });
  const world = worldOf(rig, seed);
  const nemesis = dice(seed + 1);
  const people = populate(world, 8);
  let failed = true;
  try {
    await sleep(1500);
    for (let done = 0; done < count;) {
      const what = nemesis.pick(VICTIMS);
      const keeper = nemesis.pick(rig.of(what === 'host' ? 'worker' : what));
      await sleep(100 + nemesis.below(500));
      if (!keeper.isReady()) continue;
      if (what === 'host') {
        const engine = keeper.engines()[0];
        if (engine === undefined) continue;
        process.kill(engine, 'SIGKILL');
      } else keeper.signal('SIGKILL');
      rig.note(`kill ${what} ${keeper.name}`);
      done += 1;
      if (done % 20 === 0) say(`rounds: ${done} of ${count} kills`);
    }
    await people.stop();
    world.watch.stop();
    const verdict = await verdictOf(rig, people.failures);
    failed = !verdict.ok;
    return {
      set: 'rounds',
      seed,
      faults: rig.kills.length,
      executor: 'engine',
      seconds: (Date.now() - started) / 1000,
      ...verdict,
    };
  } finally {
    world.watch.stop();
    await rig.stop({ keepFiles: failed });
  }
};
