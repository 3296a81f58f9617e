import { cpSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { populate } from '../drive/populate.js';
import { sleep } from '../rig/folders.js';
import type { RedisServer } from '../rig/redis.js';
import { play, type FaultSet } from './common.js';

/** kill -9 of PostgreSQL under load: what was acknowledged is there, what was in progress is reconciled. */
export const postgres: FaultSet = (options) =>
  play(options, {
    set: 'postgres',
    executor: 'engine',
    rig: { workers: 2 },
    async work({ rig, world, nemesis }) {
      const people = populate(world, 8);
      for (let i = 0; i < (options.rounds ?? 10); i++) {
        // Two in a row, then time enough for work to be in hand again: with less only starts would be interrupted.
        await sleep(i % 2 === 0 ? 5000 + nemesis.below(3000) : 600 + nemesis.below(1200));
        rig.note('kill postgres');
        await rig.postgres.killAndRestart();
      }
      await people.stop();
      return people.failures;
    },
  });

const REDIS_FAULTS = ['kill', 'flush', 'cut', 'stale'] as const;

/** Redis killed, flushed, its append-only file cut, an old copy put back: the record rebuilds the queue. */
export const redis: FaultSet = (options) =>
  play(options, {
    set: 'redis',
    executor: 'stand-in',
    rig: { workers: 2, slots: 2, redis: true },
    async work({ rig, world, nemesis }) {
      const server = rig.redis;
      if (!server) return ['there is no Redis'];
      const people = populate(world, 10);
      const copy = join(rig.home, 'redis-copy');
      for (let i = 0; i < (options.rounds ?? 20); i++) {
        const what = REDIS_FAULTS[i % REDIS_FAULTS.length] ?? 'kill';
        // The copy that will be stale is taken a while before.
        if (what === 'cut') keepCopy(server, copy);
        await sleep(400 + nemesis.below(900));
        rig.note(`redis ${what}`);
        await hurt(server, what, copy, 200 + nemesis.below(3000));
      }
      await people.stop();
      return people.failures;
    },
  });

function keepCopy(server: RedisServer, copy: string): void {
  rmSync(copy, { recursive: true, force: true });
  cpSync(server.directory, copy, { recursive: true });
}

async function hurt(
  server: RedisServer,
  what: (typeof REDIS_FAULTS)[number],
  copy: string,
  bytes: number,
): Promise<void> {
  if (what === 'flush') return void (await server.command('FLUSHALL'));
  await server.kill();
  if (what === 'cut') {
    const folder = join(server.directory, 'appendonlydir');
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.incr.aof'))) {
      const file = join(folder, name);
      truncateSync(file, Math.max(0, statSync(file).size - bytes));
    }
  }
  if (what === 'stale') {
    rmSync(server.directory, { recursive: true });
    cpSync(copy, server.directory, { recursive: true });
  }
  await server.start();
}
