import { hash, randomBytes } from 'node:crypto';
import { canonicalJson } from './canonical.js';

/** Lower-case hex SHA-256 of bytes or of a string's UTF-8 bytes. */
export function sha256(bytes: string | Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** SHA-256 over a domain-separation label, one NUL, and the canonical JSON of a value. */
export function labelledDigest(label: string, value: unknown): string {
  return sha256(`${label}\0${canonicalJson(value)}`);
}

/**
 * 128 random bits in hex, of one job. They are part of every digest over its values that stands in the audit log: once values and
 * salt are erased, nobody can find the values by trying. A job of a version before salts has none.
 */
export type Salt = string | undefined;
export const newSalt = (): string => randomBytes(16).toString('hex');

const salted = (value: object, salt: Salt) => (salt === undefined ? value : { ...value, salt });

export const parametersDigest = (parameters: unknown, supplied: unknown, salt: Salt) =>
  labelledDigest('fixpoint-parameters-v1', salted({ parameters, supplied }, salt));
export const targetDigest = (target: unknown) => labelledDigest('fixpoint-target-v1', target);
export const reasonDigest = (reason: string, salt: Salt) =>
  labelledDigest('fixpoint-reason-v1', salt === undefined ? reason : { reason, salt });
/** Of what a requester asked for, before the worker supplied anything. */
export const requestDigest = (parameters: unknown, reason: string, salt: Salt) =>
  labelledDigest('fixpoint-request-v1', salted({ parameters, reason }, salt));
/** Of the state that Detect saw at planning. */
export const findingsDigest = (findings: unknown, salt: Salt) =>
  labelledDigest('fixpoint-findings-v1', salted({ findings }, salt));
