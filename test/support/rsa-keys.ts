import type { SeededCertificate } from '../../lab/pc/seeding.js';
import type { ValueObject } from '../../src/domain/canonical.js';
import { DAY, keyFileOf, SID } from './pc.js';

/** What the tests of remove-rsa-key-folder seed a PC with, and what they ask for. */

export const RUNBOOK = 'remove-rsa-key-folder';
export const OTHER_SID = 'S-1-5-21-4-5-6-1001';
export const GUID = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
export const BEFORE = new Date(Date.now() - 30 * DAY);
export const AFTER = new Date(Date.now() + DAY);

export const fileOf = (container: string) => keyFileOf(container, GUID);
export const certificate = (container: string, more: Partial<SeededCertificate> = {}): SeededCertificate => ({
  issuer: 'CN=Communications Server',
  subject: 'CN=bobk@contoso.test',
  notBefore: BEFORE,
  notAfter: AFTER,
  container,
  ...more,
});
export const request = (step: number, more: object = {}) => ({ userSid: SID, confirmSid: SID, step, ...more });
export const consent = (kind: string) => ({ kind, sid: SID });
/** What the worker would supply to a job whose earlier steps were done. */
export const given = (step: number, more: object = {}): ValueObject => ({
  ...request(step),
  jobId: '00000000000000000000000000000001',
  requestedAtTargetUtc: new Date().toISOString(),
  consents: [consent('rsa-keys')],
  previousSteps: [],
  userSession: 'direct',
  escalationWaiver: 'tried by hand before',
  ...more,
});
