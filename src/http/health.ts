import type { ApiContext } from '../usecases/api-context.js';

const SILENT_MS = 30_000;

/** Which processes sent a heartbeat lately. The database itself is tried now. */
export async function readiness(context: ApiContext, ping: () => Promise<void>) {
  const parts: Record<string, string> = {
    database: 'up',
    queue: 'down',
    authority: 'down',
    relay: 'down',
    workers: 'down',
    engine: 'down',
  };
  try {
    await ping();
    const beats = await context.heartbeats.read();
    for (const { part, at, detail } of beats) {
      if (Date.now() - at.getTime() > SILENT_MS) continue;
      parts[part === 'worker' ? 'workers' : part] = 'up';
      if (part === 'relay') parts.queue = detail.queue ?? 'down';
      if (part === 'worker' && detail.engine === 'up') parts.engine = 'up';
    }
  } catch {
    parts.database = 'down';
  }
  return { ready: Object.values(parts).every((state) => state === 'up'), parts };
}
