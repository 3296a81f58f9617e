import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { newName, request, RESTS, seeThrough, submit } from '../drive/jobs.js';
import { newFolder, sleep } from '../rig/folders.js';
import { createPatience } from '../../support/patience.js';
import { play, type FaultSet } from './common.js';

/** A file system of its own in memory, with the database on it, that runs full: refused with 503, nothing half-written, then on. */
export const disk: FaultSet = async (options) => {
  const home = newFolder('disk');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=320m,mode=0755', 'fixpoint-faults', home]);
  try {
    return await play(options, {
      set: 'disk',
      executor: 'stand-in',
      faults: options.rounds ?? 2,
      note: 'a file system in memory that is full: what a full disk does, not what a broken one does',
      rig: { workers: 1, home },
      async work({ rig, world }) {
        const problems: string[] = [];
        const ids: string[] = [];
        for (let round = 0; round < (options.rounds ?? 2); round++) {
          const before = await submit(world, { action: 'set', objects: [newName(world, 'd')] });
          if (before) ids.push(before);
          const filler = join(home, 'filler');
          fill(filler);
          rig.note('disk full');
          let refused = 0;
          for (let i = 0; i < 400 && refused < 5; i++) {
            const wish = request(world, {
              action: 'set',
              objects: Array.from({ length: 15 }, () => newName(world, 'd')),
            });
            const key = newName(world, 'full');
            const ask = () => world.client.call('helpdesk', 'POST', '/v1/jobs', wish, key);
            let { status, body } = await ask();
            // No answer yet is none to judge.
            for (const patience = createPatience('an answer'); status === 0 && !patience.isOver(0);)
              ({ status, body } = await ask());
            if (status === 201) ids.push(body.id as string);
            else if (status === 503) refused += 1;
            else problems.push(`a request on a full disk was answered ${status}`);
          }
          if (refused === 0) problems.push('the full disk was never noticed');
          rmSync(filler);
          await sleep(300);
          // A server that ended on the full disk is started again, as its keeper does.
          await rig.postgres.killAndRestart();
        }
        for (const id of ids.slice(0, 6)) await seeThrough(world, id);
        for (const id of ids.slice(6)) {
          await world.client.insist('helpdesk', 'POST', `/v1/jobs/${id}/cancel`, { reason: 'enough' });
          await world.watch.until(id, RESTS);
        }
        return problems;
      },
    });
  } finally {
    execFileSync('umount', ['-l', home]);
    rmSync(home, { recursive: true });
  }
};

function fill(path: string): void {
  const file = openSync(path, 'w');
  for (let block = Buffer.alloc(1 << 20); block.length >= 512; block = block.subarray(0, block.length / 2)) {
    try {
      for (;;) writeSync(file, block);
    } catch {
      // Full for a block of this size.
    }
  }
  closeSync(file);
}
