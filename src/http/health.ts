import type { Heartbeats } from '../ports/heartbeats.js';
import type { ApiContext } from '../usecases/api-context.js';

const SILENT_MS = 30_000;
/** How long a message may wait beside a free slot: a worker takes it within a second. */
const WAITING_MS = 30_000;

type Beats = Awaited<ReturnType<Heartbeats['read']>>;

/**
 * Which processes sent a heartbeat lately, and whether messages arrive: a queue that answers but hands nothing out, such as one that is
 * paused, is `stalled`. The database, the people file and the policy are tried now.
 */
export async function readiness(context: ApiContext, ping: () => Promise<void>) {
  const parts: Record<string, string> = {
    database: 'up',
    queue: 'down',
    authority: 'down',
    relay: 'down',
    workers: 'down',
    engine: 'down',
    people: 'up',
    policy: 'up',
  };
  let beats: Beats = [];
  try {
    await ping();
    beats = (await context.heartbeats.read()).filter(({ ageMs }) => ageMs <= SILENT_MS);
    for (const { part, detail } of beats) {
      parts[part === 'worker' ? 'workers' : part] = 'up';
      if (part === 'relay') parts.queue = detail.queue ?? 'down';
      if (part === 'worker' && detail.engine === 'up') parts.engine = 'up';
    }
    const waiting = await context.figures.poolsWaiting(WAITING_MS);
    if (parts.queue === 'up' && waiting.some((pool) => !isServed(pool, beats))) parts.queue = 'stalled';
  } catch {
    parts.database = 'down';
  }
  // Nobody can sign in.
  await context.people.read().catch(() => (parts.people = 'down'));
  // Nobody may do anything.
  await context.rights.read().catch(() => (parts.policy = 'down'));
  const ready = Object.values(parts).every((state) => state === 'up');
  return { ready, parts, stuckSlots: stuckSlots(beats), checkpoint: checkpointOf(beats) };
}

/** The newest checkpoint of the audit log that is kept everywhere, and how long later events have waited for one; null where nobody says. */
function checkpointOf(beats: Beats) {
  const detail = beats.find(({ part }) => part === 'authority')?.detail;
  if (detail?.checkpoint === undefined) return null;
  const waitingS = Math.round(Number(detail.checkpointWaitingMs ?? 0) / 1000);
  return {
    events: Number(detail.checkpoint),
    waitingS,
    failing: (detail.sinksFailing ?? '').split(' ').filter(Boolean),
  };
}

/** Slots of all workers that hold a job longer than its phases may take. */
const stuckSlots = (beats: Beats): number => beats.reduce((sum, { detail }) => sum + Number(detail.stuckSlots ?? 0), 0);

/**
 * Whether a worker of the pool took a message lately, or has no free slot to take one with: then the messages only wait their turn. A
 * worker all of whose slots are stuck reports that it takes nothing.
 */
function isServed(pool: string, beats: Beats): boolean {
  return beats.some(
    ({ part, detail }) => part === 'worker' && detail.pool === pool && Number(detail.idleMs ?? 0) < WAITING_MS,
  );
}
