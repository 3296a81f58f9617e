import type { Command } from 'commander';
import type { Client } from './api/client.js';
import { Refusal } from './api/refusal.js';
import type { JobDetail } from './api/types.js';
import { visible } from './print.js';
import { warn } from './say.js';

export interface SearchOptions {
  readonly reason: string;
  readonly ticket?: string;
}

/** The options of every command that searches a directory. */
export function searchOptions(command: Command, reason: string): Command {
  return command
    .option('--reason <text>', 'why; it is kept with the job', reason)
    .option('--ticket <id>', 'a ticket of your own system');
}

export interface Search extends SearchOptions {
  /** A runbook without actions, whose findings are the answer. */
  readonly runbook: string;
  /** Name of a target of kind domain. */
  readonly domain: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * Submits a search, follows it and returns the job with what it found. A member of the findings that is missing was erased meanwhile.
 * @throws Refusal for a search that was refused, or ended in another way than with an answer
 */
export async function search<Found>(
  client: Client,
  { runbook, domain, parameters, reason, ticket }: Search,
): Promise<{ readonly job: JobDetail; readonly found: Partial<Found> }> {
  const given = ticket === undefined ? {} : { ticket };
  const { id } = await client.post('/v1/jobs', { body: { runbook, target: domain, parameters, reason, ...given } });
  await client.follow(
    '/v1/jobs/{id}/events',
    { path: { id } },
    {
      take(event) {
        if (event.event === 'state' && event.data.state === 'deferred')
          warn(`The directory was not searched yet (${event.data.code ?? 'deferred'}). It is tried again.`);
      },
    },
  );
  const job = await client.get('/v1/jobs/{id}', { path: { id } });
  if (job.state !== 'compliant') throw unfinished(job);
  return { job, found: (job.findings ?? {}) as Partial<Found> };
}

const unfinished = ({ id, state, code, meaning, detail }: JobDetail): Refusal =>
  new Refusal({
    code: code ?? state,
    title: meaning ?? `The search ended ${state}.`,
    detail: `${detail === undefined || detail === code ? '' : `${visible(detail)} `}Show the job with: fixpoint job show ${id}`,
  });
