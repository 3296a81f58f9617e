import { CommanderError } from 'commander';
import { isUuid, UUID_PREFIX_PATTERN } from '../domain/uuid.js';
import type { Client } from './api/client.js';
import { Refusal } from './api/refusal.js';

const PREFIX = new RegExp(UUID_PREFIX_PATTERN);

/** The id of the job that this names: a whole id, or its first characters. @throws Refusal when there is none; CommanderError (usage) when there are several */
export async function findJob(client: Client, text: string): Promise<string> {
  const id = text.toLowerCase();
  if (isUuid(id)) return id;
  if (!PREFIX.test(id))
    throw new CommanderError(2, 'fixpoint.id', `Not the id of a job: ${text}. Give at least its first 4 characters.`);
  const { items } = await client.get('/v1/jobs', { query: { id, limit: 2 } });
  const [found, another] = items;
  if (!found) throw new Refusal({ code: 'job-not-found', title: `No job of yours begins with ${id}.` });
  if (another)
    throw new CommanderError(
      2,
      'fixpoint.id',
      `More than one job begins with ${id}: ${found.id} and ${another.id} do.`,
    );
  return found.id;
}
