import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../lab/sshd.js';

/** Work with a Redis in a folder of its own: append-only file synced every second, nothing evicted. It is gone afterwards. */
export async function withScratchRedis<T>(
  work: (redis: { readonly url: string; readonly pid: number }) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'fixpoint-redis-'));
  const port = await freePort('127.0.0.1');
  const options = { port, bind: '127.0.0.1', dir: directory, save: '', appendonly: 'yes' };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = spawn('redis-server', words, { stdio: 'ignore' });
  const ended = once(server, 'exit');
  try {
    const probe = new Redis(port, '127.0.0.1');
    probe.on('error', () => undefined);
    await probe.ping();
    probe.disconnect();
    return await work({ url: `redis://127.0.0.1:${port}`, pid: server.pid ?? 0 });
  } finally {
    server.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  }
}
