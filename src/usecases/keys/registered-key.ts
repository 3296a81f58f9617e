import type { RegisteredKey } from '../../domain/decision-proof.js';
import type { PersonKeys, PersonKeyVerifier, StoredPersonKey } from '../../ports/person-keys.js';

/** The key whose registration these rows hold; undefined where `authority` did not sign it. A revocation in the row counts as it is. */
export function verifiedKey(
  registrations: PersonKeyVerifier,
  stored: StoredPersonKey | undefined,
): RegisteredKey | undefined {
  if (!stored) return undefined;
  const verified = registrations.verifyPersonKey(stored);
  if (!verified.ok || verified.value.id !== stored.id) return undefined;
  return { key: verified.value, revoked: stored.revokedAt !== undefined };
}

/** A key by its kid, with its registration verified. */
export async function registeredKey(
  { keys, registrations }: { readonly keys: Pick<PersonKeys, 'byKid'>; readonly registrations: PersonKeyVerifier },
  { kid }: { readonly kid: string },
): Promise<RegisteredKey | undefined> {
  return verifiedKey(registrations, await keys.byKid(kid));
}
