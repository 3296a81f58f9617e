import type { Job } from '../../domain/job.js';
import { madeAndNotUndone } from '../../domain/journal.js';
import type { Move } from '../../ports/job-store.js';
import { serviceFact } from '../facts.js';
import { moveOurs, type WorkerContext } from '../worker-context.js';

/** What the rules do not settle, a person does. */
export async function needsAttention(context: WorkerContext, job: Job, code: string, detail: string): Promise<void> {
  await moveOurs(context, job, ['running', 'unknown', 'needs-attention'], ({ journal }) =>
    attention(context, job, code, detail, madeAndNotUndone(journal).length > 0),
  );
}

export function attention(context: WorkerContext, job: Job, code: string, detail: string, partial: boolean): Move {
  const data = { code, detail };
  return {
    to: 'needs-attention',
    set: { code, detail, leaseUntil: null, nextTryAt: null, until: null, partial },
    events: [serviceFact(context.newId, 'worker', 'job.needs-attention', job, { outcome: 'unknown', data })],
    writes: [{ kind: 'unlock' }],
  };
}
