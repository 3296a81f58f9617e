/**
 * Stable codes that a phase may throw, and what each does to the job (the shared table of the runbook conventions).
 * `refused`: nothing was changed, the job is `blocked`. `deferred`: a durable wait, then Detect again.
 * `failed`: an effect was tried and the system said no. `waiting`: a durable timer for propagation.
 */
export type CodeClass = 'refused' | 'deferred' | 'failed' | 'waiting';

const CLASSES: Readonly<Record<CodeClass, readonly string[]>> = {
  refused: [
    'not-applicable',
    'inconclusive',
    'topology-conflict',
    'target-not-found',
    'target-ambiguous',
    'state-drift',
    'invalid-value',
    'wrong-authority',
    'module-missing',
    'constrained-language',
    'policy-owned',
    'protected-object',
    'account-disabled',
    'cap-exceeded',
    'consent-missing',
    'precondition-missing',
    'reparse-point',
    'path-outside-root',
    'profile-unsupported',
    'wrong-logon-session',
    'duplicate-sip',
    'live-pool',
    'schema-missing',
    'kerberos-skew',
    'clock-skew',
    'malformed-output',
    'read-only-replica',
    'access-denied',
    'vault-policy',
    'attribute-not-allowed',
    'not-single-valued',
    'subject-mismatch',
    'protected-keys-present',
    'retention-running',
    'staging-server',
    'sync-disabled',
    'sync-account-blocked',
    'export-threshold',
  ],
  deferred: [
    'unreachable',
    'user-not-logged-on',
    'broker-busy',
    'user-logged-on',
    'profile-in-use',
    'client-running',
    'user-action-pending',
    'manual-step-pending',
    'reboot-pending',
    'window-closed',
    'sync-busy',
    'scheduler-suspended',
  ],
  failed: ['directory-refused', 'not-settled', 'password-policy'],
  waiting: [
    'dns-propagation',
    'license-propagation',
    'sync-propagation',
    'tmg-refresh',
    'policy-refresh',
    'ad-replication',
  ],
};

const BY_CODE = new Map<string, CodeClass>(
  (Object.entries(CLASSES) as [CodeClass, readonly string[]][]).flatMap(([kind, codes]) =>
    codes.map((code): [string, CodeClass] => [code, kind]),
  ),
);

/** The class of a thrown code; undefined for text that is no stable code. */
export function codeClass(code: string): CodeClass | undefined {
  return BY_CODE.get(code);
}
