import { createHash, createPublicKey, verify } from 'node:crypto';
import type { AuditLink, Ledgers } from './ledgers.js';
import type { PlanPlace } from './plan-list.js';

export interface Fact {
  readonly seq: number;
  readonly writer: string;
  readonly action: string;
  readonly at: number;
  readonly job: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, any>>;
}

export interface VerifiedGrant {
  readonly jti: string;
  readonly job: string;
  readonly seq: number;
  readonly at: number;
  readonly plan: string;
  readonly requester: string;
  readonly approvers: readonly string[];
  readonly executeBy: number;
  /** Of a job of a rollout: where its plan stands in the list that was approved, and the grant of the rollout. */
  readonly rollout?: PlanPlace & {
    readonly id: string;
    readonly grant: string;
    readonly index: number;
    readonly wave: number;
  };
}

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export const compact = (job: string): string => job.replaceAll('-', '');

/** Reads the chain by itself: numbers, links and hashes as docs/architecture.md describes them. */
export function readChain(audit: readonly AuditLink[]): {
  readonly facts: readonly Fact[];
  readonly breaks: readonly string[];
} {
  const breaks: string[] = [];
  let head = '0'.repeat(64);
  const facts = audit.map((link, i): Fact => {
    const { seq, prevHash, hash, writer, event } = link;
    const expected = sha256(`fixpoint-chain-v1\0${seq}\n${prevHash}\n${writer}\n${sha256(event)}`);
    if (seq !== i + 1 || prevHash !== head || hash !== expected) breaks.push(`event ${seq} does not follow event ${i}`);
    head = hash;
    const { action, at, job, actor, data } = JSON.parse(event) as Record<string, any>;
    return { seq, writer, action, at: Date.parse(at), job: job ?? '', actor: actor.id, data };
  });
  return { facts, breaks };
}

/** Whether the bytes of a grant in the data of an event are signed by one of these keys, under this label. */
export function isSigned(label: string, data: Fact['data'], publicKeys: Ledgers['publicKeys']): boolean {
  const key = publicKeys.find(({ kid }) => kid === data.kid);
  if (key === undefined) return false;
  const signature = Buffer.from(String(data.signature), 'base64');
  return verify(null, Buffer.from(`${label}\0${data.grant}`, 'utf8'), createPublicKey(key.publicKey), signature);
}

/** The grants of a log whose signature holds; what else they claim is for the caller to judge. */
export function readGrants(
  facts: readonly Fact[],
  { publicKeys }: Pick<Ledgers, 'publicKeys'>,
): {
  readonly grants: ReadonlyMap<string, VerifiedGrant>;
  readonly invalid: readonly string[];
} {
  const grants = new Map<string, VerifiedGrant>();
  const invalid: string[] = [];
  for (const { action, seq, at, job, data, writer } of facts) {
    if (action !== 'job.approved') continue;
    const holds = isSigned('fixpoint-grant-v1', data, publicKeys);
    const grant = JSON.parse(String(data.grant)) as Record<string, any>;
    if (!holds || writer !== 'fixpoint_authority' || grant.job !== job || grant.jti !== data.jti) {
      invalid.push(`event ${seq}: an approval without a valid grant`);
      continue;
    }
    grants.set(grant.jti, {
      jti: grant.jti,
      job,
      seq,
      at,
      plan: grant.planSha256,
      requester: grant.requester.id,
      approvers: grant.approvals.map((approval: any) => approval.person.id as string),
      executeBy: Date.parse(grant.executeBy),
      ...(grant.rollout === undefined ? {} : { rollout: grant.rollout }),
    });
  }
  return { grants, invalid };
}
