import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from './canonical.js';
import { sha256 } from './digest.js';
import { isWeakPoint } from './edwards-point.js';

/** The key of a person, as `authority` registered it: Ed25519 over `fixpoint-person-key-v1\0` and the canonical bytes of these fields. */
export interface PersonKey {
  readonly v: 1;
  readonly id: string;
  /** Id of the person in the people file. */
  readonly person: string;
  readonly kid: string;
  /** base64 of the DER (SPKI) of an Ed25519 public key */
  readonly publicKey: string;
  /** Who confirmed it, by id; null for the first key, which was confirmed with the private grant key. */
  readonly confirmedBy: string | null;
  /** UTC text */
  readonly at: string;
}

/** A registration as it is stored and stands in the audit log. It is verified and read from these bytes only. */
export interface SignedPersonKey {
  /** Canonical JSON of `PersonKey`. */
  readonly bytes: string;
  /** base64 */
  readonly signature: string;
  /** The grant key that signed it. */
  readonly signedBy: string;
}

/** What a person signs with a new key to ask for its registration: it shows that they have the private half. */
export interface KeyClaim {
  readonly person: string;
  readonly kid: string;
  readonly publicKey: string;
  readonly at: string;
}

/** What whoever confirms a key signs. */
export interface KeyConfirmation extends KeyClaim {
  /** Id of the request. */
  readonly key: string;
  /** Id of who confirms; null: the operating-system user who has the private grant key. */
  readonly by: string | null;
}

/** An Ed25519 public key in DER (SPKI) and base64: 12 bytes that are always the same, then the 32 bytes of the key. */
export const PUBLIC_KEY_PATTERN = '^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$';
export const KID_PATTERN = '^[0-9a-f]{32}$';
export const SIGNATURE_PATTERN = '^[A-Za-z0-9+/]{86}==$';

/** The id of a person's key and what people compare: the first 32 hex digits of the SHA-256 of its DER. */
export function kidOf(publicKey: string): string {
  return sha256(Buffer.from(publicKey, 'base64')).slice(0, 32);
}

/** base64 of the DER (SPKI) of the public half. */
export function publicKeyText(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}

/** What is signed: a label, one NUL and canonical JSON, so that no text of one kind is ever one of another. */
export function labelled(label: string, value: unknown): Buffer {
  return Buffer.from(`${label}\0${typeof value === 'string' ? value : canonicalJson(value)}`, 'utf8');
}

export const personKeyBytes = (key: PersonKey): string => canonicalJson(key);
export const personKeyMessage = (bytes: string): Buffer => labelled('fixpoint-person-key-v1', bytes);
export const keyClaimMessage = ({ person, kid, publicKey, at }: KeyClaim): Buffer =>
  labelled('fixpoint-key-request-v1', { person, kid, publicKey, at });
export const confirmationMessage = ({ key, person, kid, publicKey, by, at }: KeyConfirmation): Buffer =>
  labelled('fixpoint-key-confirmation-v1', { key, person, kid, publicKey, by, at });

/** Whether this is a public key under which anybody can sign, or one in another form than its own. What is no key at all is not judged. */
export function isWeakKey(publicKey: string): boolean {
  return new RegExp(PUBLIC_KEY_PATTERN).test(publicKey) && isWeakPoint(Buffer.from(publicKey, 'base64').subarray(-32));
}

/** Whether this key made the signature over the message; false for anything that is no key or no signature in its one form. */
export function signatureHolds(publicKey: string, message: Buffer, signature: string): boolean {
  if (!new RegExp(PUBLIC_KEY_PATTERN).test(publicKey) || !new RegExp(SIGNATURE_PATTERN).test(signature)) return false;
  if (isWeakKey(publicKey)) return false;
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, message, key, bytes);
  } catch {
    return false;
  }
}
