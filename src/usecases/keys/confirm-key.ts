import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { Confirmation, KeyEntry } from '../../ports/person-keys.js';
import type { ApiContext } from '../api-context.js';
import type { KeyFailure, RegistrationCode } from './key-failure.js';

const JUDGED_WITHIN_MS = 5000;
const LOOK_MS = 200;

/** Records who confirmed a key and with what signature. It registers nothing: `authority` judges it and signs. */
export async function confirmKey(
  context: ApiContext,
  actor: Actor,
  id: string,
  { kid, at, signature }: Omit<Confirmation, 'by'>,
): Promise<Result<KeyEntry, KeyFailure>> {
  if (actor.tokenKind !== 'personal') return fail({ kind: 'service-token' });
  const denial = (await context.rights.read()).denial({ action: 'manage-keys', person: actor.person });
  if (denial) return fail(denial);
  const entry = await context.keys.entry(id);
  if (!entry) return fail({ kind: 'key-not-found' });
  if (entry.request.person === actor.person.id) return fail({ kind: 'own-key' });
  const { keys } = context;
  if (!(await keys.confirm(id, { by: actor.person.id, kid, at, signature }))) return fail({ kind: 'key-not-pending' });
  const deadline = performance.now() + JUDGED_WITHIN_MS;
  for (;;) {
    const entry = await keys.entry(id);
    if (!entry) return fail({ kind: 'key-not-found' });
    if (entry.request.status === 'refused') return fail({ kind: entry.request.code as RegistrationCode });
    // Recorded and not lost: authority judges it when it is up again.
    if (entry.request.status === 'registered' || performance.now() > deadline) return ok(entry);
    await sleep(LOOK_MS);
  }
}
