/** What a user can consent to; a runbook that needs a consent names one of these. */
export const CONSENT_KINDS = ['close-client', 'close-office', 'rsa-keys', 'protected-keys', 'log-collection'] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];
