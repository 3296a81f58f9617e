import { createHash, randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { createStore } from '../adapters/postgres/index.js';
import type { AuditEvent } from '../domain/audit.js';
import { utcText } from '../domain/time.js';
import type { StoredToken } from '../ports/tokens.js';

const HOUR_MS = 3_600_000;

/** A new token for a person; shown once, stored as a digest. Personal ones live 12 hours, service ones 90 days. */
export async function issueToken(databaseUrl: string, person: string, kind: 'personal' | 'service'): Promise<string> {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const createdAt = new Date();
  const lifeMs = kind === 'personal' ? 12 * HOUR_MS : 90 * 24 * HOUR_MS;
  const token = {
    id,
    person,
    kind,
    secretSha256: createHash('sha256').update(secret).digest('hex'),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + lifeMs - 1000),
  };
  await withTokens(databaseUrl, (tokens) => tokens.create(token, tokenEvent('token.issued', token)));
  return `fxp_${id}_${secret}`;
}

/** A token as it is listed: what it is for and how long it lives, without the digest of its secret. */
export type ListedToken = Omit<StoredToken, 'secretSha256'>;

/** All tokens, newest first; with `person` those of one person. */
export function listTokens(databaseUrl: string, person?: string): Promise<readonly ListedToken[]> {
  return withTokens(databaseUrl, (tokens) => tokens.list(person));
}

/** Revokes those of these tokens that still sign somebody in. @returns what was revoked */
export function revokeTokens(databaseUrl: string, tokens: readonly ListedToken[]): Promise<readonly ListedToken[]> {
  return withTokens(databaseUrl, async (store) => {
    const revoked: ListedToken[] = [];
    for (const token of tokens.filter(isValid))
      if (await store.revoke(token.id, tokenEvent('token.revoked', token))) revoked.push(token);
    return revoked;
  });
}

/** Whether a token signs its person in, as long as they are in the people file. */
export const isValid = ({ revokedAt, expiresAt }: ListedToken): boolean => !revokedAt && expiresAt > new Date();

/** The event of a token; the database takes a new token only together with its own. */
export function tokenEvent(
  action: 'token.issued' | 'token.revoked',
  { id, person, kind }: Pick<ListedToken, 'id' | 'person' | 'kind'>,
): AuditEvent {
  return {
    v: 1,
    eventId: uuidv7(),
    action,
    outcome: 'success',
    at: utcText(new Date()),
    actor: { type: 'service', id: 'command-line', name: 'command line of this machine', roles: [] },
    job: null,
    target: null,
    data: { token: id, person, kind },
  };
}

async function withTokens<T>(
  databaseUrl: string,
  work: (tokens: ReturnType<typeof createStore>['tokens']) => Promise<T>,
): Promise<T> {
  const record = createStore(databaseUrl, { max: 1 });
  try {
    return await work(record.tokens);
  } finally {
    await record.close();
  }
}
