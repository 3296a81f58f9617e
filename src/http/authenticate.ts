import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Actor } from '../domain/people.js';
import type { ApiContext } from '../usecases/api-context.js';

/**
 * The person behind a bearer token, or undefined. Tokens look like `fxp_<id>_<secret>`; only a digest is stored. The name of the scheme
 * ignores case.
 */
export async function authenticate(context: ApiContext, request: Request): Promise<Actor | undefined> {
  const match = /^bearer +fxp_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/i.exec(request.headers.authorization ?? '');
  if (!match) return undefined;
  const [, id = '', secret = ''] = match;
  const token = await context.tokens.find(id);
  const given = createHash('sha256').update(secret).digest();
  // Compared even where there is no such token, so that the time taken tells nothing.
  const stored = Buffer.from(token?.secretSha256 ?? '0'.repeat(64), 'hex');
  const matches = timingSafeEqual(given, stored);
  if (!token || !matches || token.revokedAt || isPast(token.expiresAt)) return undefined;
  const person = (await context.people.read()).find(token.person);
  return person && { person, tokenId: token.id, tokenKind: token.kind };
}

/** @throws Error for what is no time: a record that cannot be read is no refusal, and nobody may be told that a token expired */
function isPast(time: Date): boolean {
  if (!(time instanceof Date) || Number.isNaN(time.getTime()))
    throw new Error('the expiry of a token in the database cannot be read');
  return time.getTime() <= Date.now();
}
