import type { Kysely } from 'kysely';
import type { Database } from '../schema.js';
import { messagesFor } from './announce.js';

/** A message for each job, to be sent once the transaction is committed. An urgency of 1 is the most urgent. */
export async function enqueue(tx: Kysely<Database>, jobs: readonly string[], urgency: number): Promise<void> {
  if (jobs.length === 0) return;
  await messagesFor('jobs', jobs, urgency).execute(tx);
}

/** How urgent a message is that a job wants by itself: what is approved or unsettled overtakes what is only asked for. */
export function urgencyOf({ state, kind }: { readonly state: string; readonly kind: string }): number {
  if (state === 'unknown' || state === 'running' || state === 'rolling-back') return 2;
  if (state === 'queued' || kind === 'rollback-of') return 2;
  return state === 'planning' && kind !== 'scan' ? 4 : 5;
}
