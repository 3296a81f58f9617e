import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { AuditLink } from './checker/ledgers.js';

/** A log as the product writes it, made for the tests of the checker. */
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** Of the key that signs the grants of made logs. */
export const PUBLIC_KEYS = [{ kid: 'k', publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }];
/** When the first event of a made log was written. */
export const T = 1_790_000_000_000;

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** The id of a job as its runbook is told it. */
export const hex = (job: string) => job.replaceAll('-', '');
export const planDigest = (plan: string) => sha256(`fixpoint-plan-v1\0${plan}`);

/** An event before it is chained. */
export interface Said {
  readonly action: string;
  readonly data?: object;
  readonly job?: string;
  readonly writer?: string;
  readonly actor?: string;
  readonly at?: number;
}

/** Chains what was said, as the relay does. */
export function chain(said: readonly Said[]): AuditLink[] {
  let prevHash = '0'.repeat(64);
  return said.map(({ action, data = {}, job, writer = 'fixpoint_worker', actor = 'worker', at = T }, i) => {
    const about = { job: job ?? null, actor: { id: actor }, data };
    const event = JSON.stringify({ action, at: new Date(at + i).toISOString(), ...about });
    const seq = i + 1;
    const hash = sha256(`fixpoint-chain-v1\0${seq}\n${prevHash}\n${writer}\n${sha256(event)}`);
    const link = { seq, prevHash, hash, writer, event };
    prevHash = hash;
    return link;
  });
}

/** The data of an event that carries a grant. */
export function signedGrant(label: string, grant: object): { grant: string; signature: string; kid: string } {
  const bytes = JSON.stringify(grant);
  const signature = sign(null, Buffer.from(`${label}\0${bytes}`), privateKey).toString('base64');
  return { grant: bytes, signature, kid: 'k' };
}
