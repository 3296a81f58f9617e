import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { freePort } from '../../../lab/sshd.js';
import { createRedisQueue } from '../../../src/adapters/queue/index.js';
import { SettingsFault } from '../../../src/platform/settings-fault.js';
import { queueContract } from '../../contracts/queue.contract.js';
import { until } from '../../support/patience.js';

async function startRedis(
  policy: string,
  address = '127.0.0.1',
  ...more: readonly string[]
): Promise<{ url: string; stop: () => Promise<void> }> {
  const directory = mkdtempSync('/tmp/fxr-');
  const port = await freePort(address);
  const args = [
    '--port',
    String(port),
    '--bind',
    address,
    '--dir',
    directory,
    '--appendonly',
    'yes',
    '--maxmemory-policy',
    policy,
    ...more,
  ];
  const child: ChildProcess = spawn('redis-server', args, { stdio: 'ignore' });
  const isUp = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, address, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  await until('Redis is up', isUp);
  return {
    url: `redis://${address.includes(':') ? `[${address}]` : address}:${port}`,
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

it('Redis on the loopback address of IPv6 carries messages', async () => {
  const redis = await startRedis('noeviction', '::1');
  try {
    const queue = await createRedisQueue({ url: redis.url, log: () => undefined });
    const message = { id: 'm-01890000-0000-7000-8000-000000000001', jobId: 'j', priority: 1 };
    await queue.send('default', [message]);
    expect([...(await queue.live('default'))]).toEqual([message.id]);
    await queue.close();
  } finally {
    await redis.stop();
  }
});

describe('a Redis that is not on loopback', () => {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.internal === false && one.family === 'IPv4')?.address;

  it('is refused without a password, whether or not REDIS_URL names one', async () => {
    const redis = await startRedis('noeviction', address, '--protected-mode', 'no');
    try {
      for (const url of [redis.url, redis.url.replace('//', '//:a-password@')])
        await expect(createRedisQueue({ url, log: () => undefined })).rejects.toMatchObject({
          code: 'redis-password-missing',
          message: expect.stringContaining('requirepass'),
        });
    } finally {
      await redis.stop();
    }
  });

  it('is used with a password', async () => {
    const redis = await startRedis('noeviction', address, '--requirepass', 'a-password');
    try {
      const url = redis.url.replace('//', '//:a-password@');
      const queue = await createRedisQueue({ url, log: () => undefined });
      await queue.ping();
      await queue.close();
    } finally {
      await redis.stop();
    }
  });
});

it('a Redis on loopback that asks for no password is refused where one is wanted there too, even with one in REDIS_URL', async () => {
  const redis = await startRedis('noeviction');
  try {
    for (const url of [redis.url, redis.url.replace('//', '//:a-password@')])
      await expect(createRedisQueue({ url, log: () => undefined, passwordOnLoopback: true })).rejects.toMatchObject({
        code: 'redis-password-missing',
        message: expect.not.stringContaining('loopback'),
      });
  } finally {
    await redis.stop();
  }
});

describe('a Redis that refuses the sign-in', () => {
  it.each([
    ['no password', '', /^Redis refuses to serve this user: NOAUTH/],
    ['a wrong password', ':wrong@', /^Redis refuses to serve this user: WRONGPASS/],
  ])('%s is a fault of the settings, with its words', async (_, user, message) => {
    const redis = await startRedis('noeviction', '127.0.0.1', '--requirepass', 'right');
    try {
      const url = redis.url.replace('//', `//${user}`);
      const opened = createRedisQueue({ url, log: () => undefined });
      await expect(opened).rejects.toMatchObject({
        code: 'redis-sign-in-refused',
        message: expect.stringMatching(message),
      });
      await expect(opened).rejects.toBeInstanceOf(SettingsFault);
      await (await createRedisQueue({ url: redis.url.replace('//', '//:right@'), log: () => undefined })).close();
    } finally {
      await redis.stop();
    }
  });
});
