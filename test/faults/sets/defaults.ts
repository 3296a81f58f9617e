import { newName, RESTS, seeThrough, submit } from '../drive/lives.js';
import { sleep, until } from '../rig/folders.js';
import { readLedgers } from '../checker/collect.js';
import { play, type FaultSet } from './common.js';

const MOST_S = 45;

/** With the product's own lease (15 s) and settling time (25 s): workers killed in the middle of changes go on within 45 s. */
export const progress: FaultSet = (options) =>
  play(options, {
    set: 'progress',
    executor: 'engine',
    rig: { workers: 2, slots: 2, env: { FIXPOINT_LEASE_MS: '15000', FIXPOINT_SETTLE_AFTER_MS: '25000' } },
    async work({ rig, world }) {
      const ids: string[] = [];
      for (let i = 0; i < 4; i++) {
        const id = await submit(world, { action: 'set', objects: [newName(world, 'p')], holdMs: 6000 });
        if (id) ids.push(id);
      }
      const living = ids.map((id) => seeThrough(world, id));
      await until(
        'changes are in hand',
        () => readLedgers(rig.ledgers).filter(({ word }) => word === 'begin').length >= 4,
        90_000,
      );
      for (const keeper of rig.of('worker')) {
        keeper.signal('SIGKILL');
        rig.note(`kill ${keeper.name}`);
      }
      await Promise.all(living);
      for (const id of ids) await world.watch.until(id, RESTS);
      await sleep(100);
      return [];
    },
  }).then((result) => {
    const late = result.progressP99 > MOST_S ? [`the next progress took ${result.progressP99} s`] : [];
    return { ...result, ok: result.ok && late.length === 0, problems: [...result.problems, ...late] };
  });
