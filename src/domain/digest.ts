import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical.js';

/** Lower-case hex SHA-256 of bytes or of a string's UTF-8 bytes. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 over a domain-separation label, one NUL, and the canonical JSON of a value. */
export function labelledDigest(label: string, value: unknown): string {
  return sha256(`${label}\0${canonicalJson(value)}`);
}

export const parametersDigest = (parameters: unknown, supplied: unknown) =>
  labelledDigest('fixpoint-parameters-v1', { parameters, supplied });
/** Of the state that Detect returned. @throws NotCanonical for a value that has no canonical form. */
export const findingsDigest = (findings: unknown) => labelledDigest('fixpoint-findings-v1', findings);
export const targetDigest = (target: unknown) => labelledDigest('fixpoint-target-v1', target);
export const reasonDigest = (reason: string) => labelledDigest('fixpoint-reason-v1', reason);
