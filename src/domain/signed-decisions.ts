import type { AuditEvent } from './audit.js';
import { keyProofProblem, MOST_SIGNED_APART_MS, type DecidedFacts, type GrantedKeyProof } from './decision-proof.js';
import { approvedFacts, type Grant, type GrantedApproval } from './grant.js';
import type { PersonKey, SignedPersonKey } from './person-key.js';
import type { Result } from './result.js';

export type VerifyPersonKey = (signed: SignedPersonKey) => Result<PersonKey, { readonly why: string }>;

/** Verifies, event by event, registrations of keys and the decisions that were signed with them; needs the public grant key alone. */
export function signedDecisions(verify: VerifyPersonKey) {
  const registered = new Map<string, PersonKey>();
  const revokedAt = new Map<string, number>();

  /** Why a key is not registered by this event; undefined where it is. */
  function register(data: Readonly<Record<string, string>>): string | undefined {
    const { registration: bytes = '', signature = '', signedBy = '' } = data;
    const key = verify({ bytes, signature, signedBy });
    if (!key.ok) return `the key has no valid registration: ${key.error.why}`;
    const { id, person, kid } = key.value;
    if (id !== data.key || person !== data.person || kid !== data.kid) return 'the registration is that of another key';
    registered.set(id, key.value);
    return undefined;
  }

  function problemOf(
    facts: DecidedFacts,
    {
      person,
      decidedAt,
    }: { readonly person: { readonly id: string; readonly name: string }; readonly decidedAt: string },
    proof: GrantedKeyProof,
  ): string | undefined {
    const key = registered.get(proof.registration);
    // The revocation may be written while the decision is judged, and by another clock.
    const revoked = (revokedAt.get(proof.registration) ?? Infinity) + MOST_SIGNED_APART_MS < Date.parse(decidedAt);
    const code = keyProofProblem(proof, facts, person.id, key && { key, revoked });
    return code && `the decision of ${person.name} is not what they signed: ${code}`;
  }

  return {
    /** What is wrong with the signatures of an event; `grant` is that of an approval, verified. */
    problems(event: AuditEvent, grant?: Grant): readonly string[] {
      const data = event.data as Readonly<Record<string, string>>;
      if (event.action === 'key.registered') return [register(data) ?? []].flat();
      if (event.action === 'key.revoked') revokedAt.set(data.key ?? '', Date.parse(event.at));
      if (event.action === 'job.rejected') {
        const proof = event.data.proof as GrantedApproval['proof'] | undefined;
        if (proof?.kind !== 'key') return [];
        const { planSha256: planDigest = '', reasonSha256: reasonDigest = '' } = data;
        const { executeBy, onFailure } = proof;
        const job = event.job ?? '';
        const facts = { job, planDigest, decision: 'reject', reasonDigest, executeBy, onFailure } as const;
        return [problemOf(facts, { person: event.actor, decidedAt: event.at }, proof) ?? []].flat();
      }
      return (grant?.approvals ?? []).flatMap((approval) => {
        const { proof, reasonSha256 } = approval;
        if (grant === undefined || proof.kind !== 'key') return [];
        return problemOf(approvedFacts(grant, reasonSha256, proof), approval, proof) ?? [];
      });
    },
  };
}
