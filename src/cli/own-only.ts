import type { Client } from './api/client.js';

const SEEN = {
  'read-all-audit': ' You see only the events of your own jobs.',
  'read-all-jobs': ' You see only your own jobs.',
} as const;

/** What is said beside an empty list to somebody who does not see everything; empty for everybody else. */
export async function ownOnly(client: Client, action: keyof typeof SEEN): Promise<string> {
  const { may } = await client.get('/v1/me');
  return may.includes(action) ? '' : SEEN[action];
}
