import { MOST_SIGNED_APART_MS } from '../../domain/decision-proof.js';
import type { Actor } from '../../domain/people.js';
import { isWeakKey, keyClaimMessage, kidOf, signatureHolds } from '../../domain/person-key.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { KeyEntry } from '../../ports/person-keys.js';
import type { ApiContext } from '../api-context.js';
import { personEvent } from '../facts.js';
import type { KeyFailure } from './key-failure.js';

export interface NewKey {
  readonly publicKey: string;
  /** When it was signed, by the person's clock: UTC text. */
  readonly at: string;
  readonly signature: string;
}

/** Records that a person asks for the registration of a key. It is of no use until another person confirmed it. */
export async function requestKey(
  context: ApiContext,
  actor: Actor,
  { publicKey, at, signature }: NewKey,
): Promise<Result<KeyEntry, KeyFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  if (isWeakKey(publicKey)) return fail({ kind: 'key-weak' });
  const kid = kidOf(publicKey);
  const claim = { person: actor.person.id, kid, publicKey, at };
  if (!signatureHolds(publicKey, keyClaimMessage(claim), signature)) return fail({ kind: 'signature-invalid' });
  if (Math.abs(Date.now() - Date.parse(at)) > MOST_SIGNED_APART_MS) return fail({ kind: 'decision-stale' });
  const id = context.newId();
  const event = personEvent(context.newId, actor.person, 'key.requested', undefined, {
    data: { key: id, person: actor.person.id, kid },
  });
  if (!(await context.keys.ask({ id, ...claim, signature }, event))) return fail({ kind: 'key-taken' });
  const made = await context.keys.entry(id);
  return made ? ok(made) : fail({ kind: 'key-not-found' });
}

/** The keys that a person may see: their own, or all, newest first. */
export async function keysFor(
  context: ApiContext,
  { person }: Actor,
  limit: number,
  before: string | undefined,
): Promise<readonly KeyEntry[]> {
  const rights = await context.rights.read();
  return context.keys.entries(limit, {
    ...(rights.denial({ action: 'manage-keys', person }) ? { person: person.id } : {}),
    ...(before === undefined ? {} : { before }),
  });
}

/** Revokes a key: its owner's or, for an administrator, any. It is never taken back. */
export async function revokeKey(context: ApiContext, actor: Actor, id: string): Promise<Result<KeyEntry, KeyFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const entry = await context.keys.entry(id);
  const denial = (await context.rights.read()).denial({ action: 'manage-keys', person: actor.person });
  // Who may not see a key does not learn that it is there.
  if (!entry || (denial && entry.request.person !== actor.person.id)) return fail({ kind: 'key-not-found' });
  if (!entry.registered) return fail({ kind: 'key-not-found' });
  const { person, kid } = entry.request;
  const event = personEvent(context.newId, actor.person, 'key.revoked', undefined, { data: { key: id, person, kid } });
  if (!(await context.keys.revoke(id, actor.person.id, event))) return fail({ kind: 'key-revoked' });
  return ok((await context.keys.entry(id)) ?? entry);
}
