import type { Actor } from '../../domain/people.js';
import { fail, ok, type Result } from '../../domain/result.js';
import type { Confirmation, KeyEntry } from '../../ports/person-keys.js';
import type { ApiContext } from '../api-context.js';
import { onceJudged } from '../once-judged.js';
import type { KeyFailure, RegistrationCode } from './key-failure.js';

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
  const judged = await onceJudged(
    () => keys.entry(id),
    (row) => !row || row.request.status === 'refused' || row.request.status === 'registered',
  );
  if (!judged) return fail({ kind: 'key-not-found' });
  if (judged.request.status === 'refused') return fail({ kind: judged.request.code as RegistrationCode });
  return ok(judged);
}
