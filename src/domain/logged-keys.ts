import type { AuditEvent } from './audit.js';
import { MOST_SIGNED_APART_MS, type RegisteredKey } from './decision-proof.js';
import type { PersonKey, SignedPersonKey } from './person-key.js';
import type { Result } from './result.js';
import { timeIn } from './time.js';

export type VerifyPersonKey = (signed: SignedPersonKey, seq?: number) => Result<PersonKey, { readonly why: string }>;

/** The keys of persons as a log registers and revokes them. */
export interface LoggedKeys {
  /** Reads the event of that number. @returns why it registers no key; undefined where it does, and for every other event */
  add(seq: number, event: AuditEvent): string | undefined;
  /** The key of a registration as it counted at that time (milliseconds); undefined: no event before registered it. */
  byId(id: string, decidedAt: number): RegisteredKey | undefined;
  /** The same, by the id of the key. */
  byKid(kid: string, decidedAt: number): RegisteredKey | undefined;
}

/** Needs the public grant key alone. */
export function loggedKeys(verify: VerifyPersonKey): LoggedKeys {
  const ids = new Map<string, PersonKey>();
  const kids = new Map<string, PersonKey>();
  const revokedAt = new Map<string, number>();

  function register(seq: number, data: Readonly<Record<string, string>>): string | undefined {
    const { registration: bytes = '', signature = '', signedBy = '' } = data;
    const key = verify({ bytes, signature, signedBy }, seq);
    if (!key.ok) return `the key has no valid registration: ${key.error.why}`;
    const { id, person, kid } = key.value;
    if (id !== data.key || person !== data.person || kid !== data.kid) return 'the registration is that of another key';
    ids.set(id, key.value);
    kids.set(kid, key.value);
    return undefined;
  }

  /** The earliest revocation counts: none gives back what one before took away. At no time is from the start. */
  function revoke(key: string, at: string): void {
    revokedAt.set(key, Math.min(revokedAt.get(key) ?? Infinity, timeIn(at, -Infinity)));
  }

  // The revocation may be written while the decision is judged, and by another clock.
  const at = (key: PersonKey | undefined, decidedAt: number): RegisteredKey | undefined =>
    key && {
      key,
      revoked: (revokedAt.get(key.id) ?? Infinity) + MOST_SIGNED_APART_MS < decidedAt,
    };

  return {
    add(seq, event) {
      const data = event.data as Readonly<Record<string, string>>;
      if (event.action === 'key.revoked') revoke(data.key ?? '', event.at);
      return event.action === 'key.registered' ? register(seq, data) : undefined;
    },
    byId: (id, decidedAt) => at(ids.get(id), decidedAt),
    byKid: (kid, decidedAt) => at(kids.get(kid), decidedAt),
  };
}
