import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Redis } from 'ioredis';
import { freePort } from './folders.js';
import { endWithUs } from './leftovers.js';
import { until } from '../../support/patience.js';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly directory: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  command(...args: string[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** A Redis of our own: append-only file, nothing evicted. */
export async function startRedis(directory: string): Promise<RedisServer> {
  mkdirSync(directory, { recursive: true });
  const port = await freePort();
  let child: ChildProcess | undefined;
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: directory,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
    'aof-load-truncated': 'yes',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const command = async (...words: string[]) => {
    const client = new Redis({
      port,
      host: '127.0.0.1',
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const [name = 'PING', ...rest] = words;
      return await client.call(name, ...rest);
    } finally {
      client.disconnect();
    }
  };
  const end = async (signal: NodeJS.Signals) => {
    const running = child;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  };
  const start = async () => {
    child = spawn('redis-server', args, { stdio: 'ignore' });
    child.on('exit', endWithUs(child.pid));
    await until('Redis answers', async () => (await command('PING').catch(() => undefined)) === 'PONG');
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    directory,
    kill: () => end('SIGKILL'),
    start,
    command,
    stop: () => end('SIGTERM'),
  };
}
