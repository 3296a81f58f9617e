import type { JobCode } from '../../domain/codes/lookup.js';
import type { Job } from '../../domain/job.js';
import { isPartial } from '../../domain/journal.js';
import type { Move } from '../../domain/move.js';
import { attentionNeeded, type Along } from '../../domain/moves.js';
import { workerEvent, type Ids } from '../facts.js';
import { transitionClaimed, type WorkerContext } from '../worker-context.js';

/** What the rules do not decide, a person does. */
export async function needsAttention(context: WorkerContext, job: Job, code: JobCode, detail: string): Promise<void> {
  await transitionClaimed(context, job, ['running', 'unknown', 'needs-attention'], ({ journal }) =>
    attention(context, job, { code, detail }, isPartial(journal)),
  );
}

/** The move of a job that a person must look at, after what `along` carries. */
export function attention(
  context: Ids,
  job: Job,
  why: { readonly code: JobCode; readonly detail: string },
  partial: boolean,
  { events = [], ...along }: Along = {},
): Move {
  // The code alone: the detail may be what a script said about the target.
  const data = { code: why.code };
  const asks = workerEvent(context, 'job.needs-attention', job, { outcome: 'unknown', data });
  return attentionNeeded(why, partial, { ...along, events: [...events, asks] });
}
