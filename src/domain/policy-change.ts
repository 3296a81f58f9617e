import { canonicalJson } from './canonical.js';
import { labelledDigest, sha256 } from './digest.js';

/** A policy that people ask for, and the one that it takes the place of. */
export interface PolicyChange {
  /** SHA-256 of the text that was admitted before; null: none was, and the built-in policy counts. */
  readonly before: string | null;
  readonly text: string;
}

/** The digest that people sign who ask for a policy or confirm it: it covers both, so that nobody signs over another than they compared with. */
export const policyChangeDigest = ({ before, text }: PolicyChange): string => policyStepDigest(before, sha256(text));

/** The same from the digests alone, as the audit log has them. */
export const policyStepDigest = (before: string | null, after: string | null): string =>
  labelledDigest('fixpoint-policy-change-v1', { before, after });

/** As a request keeps it. */
export const policyChangeText = ({ before, text }: PolicyChange): string => canonicalJson({ before, text });

/** The change that a request keeps; undefined where the text is none, which no digest is that of. */
export function readPolicyChange(text: string | undefined): PolicyChange | undefined {
  try {
    const read = JSON.parse(text ?? 'null') as Partial<PolicyChange> | null;
    const isBefore = read?.before === null || typeof read?.before === 'string';
    return read && isBefore && typeof read.text === 'string'
      ? { before: read.before ?? null, text: read.text }
      : undefined;
  } catch {
    return undefined;
  }
}
