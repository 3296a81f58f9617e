import { claimJob } from '../../../src/usecases/claim/claim-job.js';
import { insert } from './forgeries.js';
import type { Asked, RealWorld } from './real-world.js';

/** Makes a job in one place of its life; the last state is for people who read a problem. */
type Specimen = (world: RealWorld) => Promise<Asked>;

const planned =
  (text: string): Specimen =>
  (world) =>
    world.planned({ text });

/** Planned, approved by all that it needs, and then so many messages. */
const approved =
  (
    text: string,
    steps: number,
    request: { readonly runbook?: 'once' | 'irreversible' } = {},
    more: object = {},
  ): Specimen =>
  async (world) => {
    const asked = await world.planned({ text, ...request });
    await world.decide(asked.job, 'approver', more);
    if (request.runbook === 'irreversible') await world.decide(asked.job, 'approver2', more);
    for (let i = 0; i < steps; i++) await world.step(asked.id);
    return asked;
  };

/** A job in each part of its life, with its plan, decisions, grant and journal as far as it has them. */
export const SPECIMENS: Readonly<Record<string, Specimen>> = {
  planning: (world) => world.submit(),
  'awaiting an approval': planned('plain'),
  'awaiting a second approval': async (world) => {
    const asked = await world.planned({ runbook: 'irreversible' });
    await world.decide(asked.job, 'approver');
    return asked;
  },
  'a refused decision': async (world) => {
    const asked = await world.planned();
    await insert({ world, job: asked.job }, 'approver', { tokenId: 'none' });
    return asked;
  },
  deferred: planned('away'),
  blocked: planned('garbled'),
  compliant: planned('present'),
  queued: approved('plain', 0),
  'queued, approved by two': approved('plain', 0, { runbook: 'irreversible' }),
  'queued, once': approved('plain', 0, { runbook: 'once' }),
  running: async (world) => {
    const asked = await approved('plain', 0)(world);
    const job = await world.worker.jobs.get(asked.id);
    if (job) await claimJob(world.worker, job);
    return asked;
  },
  unknown: approved('lost', 1),
  'unknown, once': approved('lost', 1, { runbook: 'once' }),
  succeeded: approved('plain', 1),
  failed: approved('refused', 1),
  'failed, undone': approved('refused', 1, {}, { onFailure: 'rollback' }),
  rejected: async (world) => {
    const asked = await world.planned();
    await world.decide(asked.job, 'approver', { decision: 'reject' });
    return asked;
  },
  cancelled: async (world) => {
    const asked = await world.planned();
    await world.product.call('helpdesk', 'POST', `/v1/jobs/${asked.id}/cancel`, { reason: 'x' });
    return asked;
  },
};
