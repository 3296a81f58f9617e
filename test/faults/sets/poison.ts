import { newName, RESTS, seeThrough, submit, decide } from '../drive/jobs.js';
import { play, type FaultSet } from './common.js';

/** A job that ends its worker each time is set aside: a `once` change at the first, an `ensure` at the third; others go on. */
export const poison: FaultSet = (options) =>
  play(options, {
    set: 'poison',
    executor: 'stand-in',
    rig: { workers: 2 },
    async work({ rig, world }) {
      const problems: string[] = [];
      const deadly = async (action: 'set' | 'send') => {
        const id = await submit(world, { action, objects: [newName(world, 'p')], refuse: 'poison' });
        if (id === undefined) return void problems.push('the job was not accepted');
        await world.watch.until(id, ['awaiting-approval', ...RESTS]);
        await decide(world, id, 'approver');
        const rested = await world.watch.until(id, RESTS);
        if (rested?.state !== 'needs-attention')
          problems.push(`a deadly ${action} is ${rested?.state ?? 'still on its way'}`);
        rig.note(`poison ${action}`);
        await world.client.insist('operator', 'POST', `/v1/jobs/${id}/resolve`, {
          resolution: 'not-in-place',
          reason: 'looked',
        });
      };
      const healthy = async () => {
        for (let i = 0; i < 4; i++) {
          const id = await submit(world, { action: 'set', objects: [newName(world, 'h')] });
          const end = id === undefined ? 'not accepted' : await seeThrough(world, id);
          if (end !== 'succeeded') problems.push(`a healthy job beside them: ${end}`);
        }
      };
      await Promise.all([deadly('send'), deadly('set'), healthy()]);
      return problems;
    },
  });
