import type { Static } from 'typebox';
import type { People } from '../../domain/people.js';
import { utcText } from '../../domain/time.js';
import type { KeyEntry } from '../../ports/person-keys.js';
import type { Shown } from '../route.js';
import type { PersonKey } from '../schemas/responses.js';

/** A key as people see it. Names are those of the people file; of a person who was removed the id. */
export function keyView(
  { request, registered }: KeyEntry,
  people: Pick<People, 'find'>,
): Shown<Static<typeof PersonKey>> {
  const person = (id: string) => ({ id, name: people.find(id)?.name ?? id });
  const { id, kid, publicKey, confirmation, code, requestedAt } = request;
  const by = confirmation?.by;
  return {
    ...{
      id,
      person: person(request.person),
      kid,
      publicKey,
      status: statusOf({ request, ...(registered ? { registered } : {}) }),
    },
    ...(code === undefined ? {} : { code }),
    requestedAt: utcText(requestedAt),
    ...(by === undefined ? {} : { confirmedBy: by === null ? null : person(by) }),
    ...(registered ? { registeredAt: utcText(registered.registeredAt) } : {}),
    ...(registered?.revokedAt ? { revokedAt: utcText(registered.revokedAt) } : {}),
    ...(registered?.revokedBy === undefined ? {} : { revokedBy: person(registered.revokedBy) }),
  };
}

function statusOf({ request, registered }: KeyEntry) {
  if (registered) return registered.revokedAt ? 'revoked' : 'registered';
  // A row that says registered, without a registration, is none.
  if (request.status === 'refused') return 'refused';
  return request.confirmation ? 'confirmed' : 'requested';
}
