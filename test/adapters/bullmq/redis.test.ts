import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { freePort } from '../../../lab/sshd.js';
import { createRedisQueue } from '../../../src/adapters/queue/index.js';
import { queueContract } from '../../contracts/queue.contract.js';
import { until } from '../../support/patience.js';

async function startRedis(policy: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const directory = mkdtempSync('/tmp/fxr-');
  const port = await freePort('127.0.0.1');
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--appendonly',
    'yes',
    '--maxmemory-policy',
    policy,
  ];
  const child: ChildProcess = spawn('redis-server', args, { stdio: 'ignore' });
  const isUp = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  await until('Redis is up', isUp);
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

queueContract('BullMQ on Redis', async () => {
  const redis = await startRedis('noeviction');
  return { newQueue: () => createRedisQueue({ url: redis.url, log: () => undefined }), tearDown: redis.stop };
});

describe('a Redis that may drop keys', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis('allkeys-lru');
  });
  afterAll(() => redis.stop());

  it('is refused, with what to do', async () => {
    await expect(createRedisQueue({ url: redis.url, log: () => undefined })).rejects.toMatchObject({
      code: 'redis-eviction-policy',
      message: expect.stringContaining('noeviction'),
    });
  });
});
