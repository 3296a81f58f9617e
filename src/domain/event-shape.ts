import type { AuditAction, AuditEvent } from './audit.js';

const STATEMENT = 'admission signature kid';
const SUBJECT = `before? after? request ${STATEMENT}`;
const TARGET = `targetId targetName ${SUBJECT}`;
const STANDING = `schedule name ${SUBJECT}`;

/** The members of `data` that the verifier reads. Where one is there it is a text; one with a question mark may be null too. */
export const READ_MEMBERS: Readonly<Partial<Record<AuditAction, string>>> = {
  'job.planned': 'admission planSha256',
  'job.approved': 'grant signature kid jti planSha256',
  'job.rejected': 'planSha256 reasonSha256',
  'job.claimed': 'jti',
  'grant.used': 'jti',
  'change.intent': 'jti',
  'key.registered': 'key person kid registration signature signedBy',
  'key.revoked': 'key',
  'runbook.admitted': `runbook version contentSha256 how ${STATEMENT}`,
  'runbook.disabled': 'runbook contentSha256?',
  'runbook.revoked': 'runbook contentSha256?',
  'target.created': TARGET,
  'target.changed': TARGET,
  'target.deleted': TARGET,
  'policy.admitted': SUBJECT,
  'rollout.submitted': 'rollout rolloutSha256',
  'rollout.approved': 'rollout rolloutSha256 root grant signature kid jti',
  'rollout.rejected': 'rollout rolloutSha256 root reasonSha256',
  'rollout.paused': 'rollout pause stop code',
  'rollout.resumed': 'rollout grant',
  'rollout.wave-started': 'rollout',
  'rollout.wave-proved': 'rollout',
  'standing.approved': STANDING,
  'standing.withdrawn': STANDING,
};
/** The same of a `proof` whose kind is `key`; all of them are there. */
const PROOF = 'kid nonce at signature registration executeBy? onFailure?';

type Members = Readonly<Record<string, unknown>>;
const isText = (value: unknown) => typeof value === 'string';
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Those of the named members that are not what they are to be. */
function unlike(names: string, members: Members): readonly string[] {
  return names.split(' ').flatMap((each) => {
    const name = each.replace('?', '');
    const value = members[name];
    return isText(value) || (name !== each && value === null) ? [] : [name];
  });
}

/** Why the rules of the verifier cannot be asked about an event; undefined where they can. */
export function shapeProblem({ action, data }: AuditEvent): string | undefined {
  const names = Object.hasOwn(READ_MEMBERS, action) ? READ_MEMBERS[action] : undefined;
  if (names === undefined) return undefined;
  const [first] = unlike(names, data).filter((name) => Object.hasOwn(data, name));
  if (first !== undefined) return `has a ${first} that is no text`;
  const carries = action === 'job.rejected' || action === 'rollout.rejected';
  if (!carries || !Object.hasOwn(data, 'proof')) return undefined;
  return isProof(data.proof) ? undefined : 'has a proof that is none';
}

/** Whether this is a proof of a kind; one of the kind `key` with all that is verified. */
export const isProof = (proof: unknown): boolean =>
  isObject(proof) && isText(proof.kind) && (proof.kind !== 'key' || unlike(PROOF, proof).length === 0);

export const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

/** The members of an event's data that are texts: all that is read of it where its shape was not asked for. */
export function textsIn(data: AuditEvent['data']): Readonly<Partial<Record<string, string>>> {
  return Object.fromEntries(Object.entries(data).flatMap(([name, value]) => (isText(value) ? [[name, value]] : [])));
}
