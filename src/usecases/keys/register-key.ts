import { canonicalJson } from '../../domain/canonical.js';
import { MOST_SIGNED_APART_MS } from '../../domain/decision-proof.js';
import type { People } from '../../domain/people.js';
import type { Rights } from '../../domain/policy/rights.js';
import {
  confirmationMessage,
  isWeakKey,
  keyClaimMessage,
  kidOf,
  signatureHolds,
  type KeyConfirmation,
  type PersonKey,
} from '../../domain/person-key.js';
import { utcText } from '../../domain/time.js';
import type { RightsSource } from '../../ports/rights.js';
import type { PeopleSource } from '../../ports/people.js';
import type { KeyRequest, PersonKeys, PersonKeySigner, PersonKeyVerifier } from '../../ports/person-keys.js';
import { serviceEvent } from '../facts.js';
import type { RegistrationCode } from './key-failure.js';
import { registeredKey, verifiedKey } from './registered-key.js';

/** What `authority` needs to register keys. */
interface Context {
  readonly keys: PersonKeys;
  readonly registrations: PersonKeySigner & PersonKeyVerifier;
  readonly people: PeopleSource;
  readonly rights: RightsSource;
  readonly newId: () => string;
}

/**
 * Judges one key that was confirmed, and signs its registration. What counts are the signature of the key itself, that of who confirmed
 * it, and the people file; the row is a claim.
 */
export async function registerKey(context: Context, request: KeyRequest): Promise<void> {
  const people = await context.people.read();
  const { id, person, kid, publicKey } = request;
  const code = await whyNot(context, request, people, await context.rights.read());
  const about = { key: id, person, kid };
  if (code !== undefined) {
    const event = serviceEvent(context.newId, 'authority', 'key.refused', undefined, {
      ...{ outcome: 'denied', data: { ...about, code } },
    });
    await context.keys.refuse(id, code, event);
    return;
  }
  const key: PersonKey = {
    ...{ v: 1, id, person, kid, publicKey },
    confirmedBy: request.confirmation?.by ?? null,
    at: utcText(new Date()),
  };
  const signed = context.registrations.signPersonKey(key);
  // The signed bytes stand in the audit log, so that the signatures of decisions in an export can be verified with the public key alone.
  const data = { ...about, registration: signed.bytes, signature: signed.signature, signedBy: signed.signedBy };
  const confirmation = canonicalJson(request.confirmation ?? null);
  const event = serviceEvent(context.newId, 'authority', 'key.registered', undefined, {
    data: { ...data, confirmedBy: key.confirmedBy, confirmation },
  });
  await context.keys.register(id, key, signed, event);
}

/** Why a key is not registered; undefined where it is. The first rule that is broken. */
async function whyNot(
  context: Context,
  request: KeyRequest,
  people: People,
  rights: Rights,
): Promise<RegistrationCode | undefined> {
  const { id, person, kid, publicKey, at, signature, confirmation } = request;
  const owner = people.find(person);
  if (!owner) return 'key-owner-unknown';
  const claim = { person, kid, publicKey, at };
  if (isWeakKey(publicKey)) return 'key-weak';
  if (kidOf(publicKey) !== kid || !signatureHolds(publicKey, keyClaimMessage(claim), signature))
    return 'signature-invalid';
  if (await context.keys.byKid(kid)) return 'key-taken';
  if (!confirmation) return 'signature-invalid';
  // It names no installation: one that was made for another, long ago, is none here.
  if (!(Math.abs(Date.now() - Date.parse(confirmation.at)) <= MOST_SIGNED_APART_MS)) return 'decision-stale';
  const said: KeyConfirmation = { key: id, person, kid, publicKey, by: confirmation.by, at: confirmation.at };
  if (said.by === null) {
    if (!context.registrations.verifyFirst(said, confirmation.kid, confirmation.signature)) return 'signature-invalid';
    if (!owner.roles.includes('admin')) return 'first-key-not-admin';
    return (await isThereAnAdminsKey(context, people, rights)) ? 'first-key-exists' : undefined;
  }
  if (said.by === person || confirmation.kid === kid) return 'own-key';
  const by = people.find(said.by);
  if (!by || rights.denial({ action: 'manage-keys', person: by })) return 'not-an-admin';
  const registered = await registeredKey(context, confirmation);
  if (!registered || registered.key.person !== by.id) return 'key-unknown';
  if (registered.revoked) return 'key-revoked';
  const holds = signatureHolds(registered.key.publicKey, confirmationMessage(said), confirmation.signature);
  return holds ? undefined : 'signature-invalid';
}

/** Whether an administrator could confirm a key: then none is the first. */
async function isThereAnAdminsKey({ keys, registrations }: Context, people: People, rights: Rights): Promise<boolean> {
  const admins = new Set(
    people.all.filter((person) => !rights.denial({ action: 'manage-keys', person })).map(({ id }) => id),
  );
  return (await keys.unrevoked()).some((stored) => admins.has(verifiedKey(registrations, stored)?.key.person ?? ''));
}
