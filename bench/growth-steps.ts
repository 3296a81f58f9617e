import { uuidv7 } from 'uuidv7';
import { serviceEvent } from '../src/usecases/facts.js';
import type { Parts, Side } from './growth-side.js';

/** What may not cost more with a longer record. */
export const STEPS: Readonly<Record<string, (side: Side, parts: Parts) => Promise<void>>> = {
  /** What happens between a message in the outbox and a job that runs. */
  async claim(side, { worker, relay }) {
    const id = side.filled.queued[side.claimed++];
    if (id === undefined) throw new Error('no more jobs to claim');
    const job = await worker.jobs.get(id);
    const epoch = (job?.epoch ?? 0) + 1;
    const claimed = await worker.jobs.transition<never>(id, ({ job: current, now }) => ({
      ok: true,
      value: {
        to: 'running',
        set: { epoch, leaseUntil: new Date(now.getTime() + 15_000), worker: 'bench', code: null, detail: null },
        events: [serviceEvent(uuidv7, 'worker', 'job.claimed', current, { data: { epoch } })],
        writes: [{ kind: 'lock', keys: [`host:${id}`] }],
      },
    }));
    if (!claimed.ok) throw new Error(JSON.stringify(claimed.error));
    await relay.relay.chain(1000);
  },
  /** What people look at: newest, by state, person, target and runbook, a window of time long ago, a page from the middle. */
  async list({ filled: { middle, target } }, { api: { queries } }) {
    const limit = 50;
    const day = 86_400_000;
    const longAgo = { submittedFrom: new Date(Date.now() - 150 * day), submittedTo: new Date(Date.now() - 149 * day) };
    await queries.list({ limit });
    await queries.list({ limit, state: 'succeeded' });
    await queries.list({ limit, requester: 'person7' });
    await queries.list({ limit, target });
    await queries.list({ limit, ticket: 'INC-1' });
    await queries.list({ limit, runbook: 'set-file-text' });
    await queries.list({ limit, ...longAgo });
    await queries.list({ limit, before: middle });
  },
  /** What a new request asks first, and what the relay and the metrics ask again and again. */
  async 'rate limit, due jobs, figures, audit page'({ filled: { target } }, { api, relay }) {
    await api.queries.countRecent('person7', [target], new Date(Date.now() - 60_000));
    await relay.relay.enqueueDue(() => Promise.resolve(new Set()), 500);
    await api.figures.read();
    await api.audit.query({ limit: 50 });
  },
};
