/** The suites of `npm test` in their order: name, and which files belong to it. Every test file belongs to exactly one. */
export const SUITES = [
  ['unit', 'test/(domain|tools)/'],
  ['model', 'test/model/'],
  ['adapters and contracts', 'test/adapters/'],
  ['http', 'test/http/'],
  ['security', 'test/security/'],
  ['jobs', 'test/usecases/'],
  ['runbooks and laboratory', 'test/(runbooks|lab)/'],
  ['end to end', 'test/end-to-end/'],
  ['faults', 'test/faults/'],
];

/** What `npm run test:fast` plays: nothing here needs a laboratory, a Debian package or much time. */
export const FAST = [
  ['unit', 'test/(domain|tools)/'],
  ['adapters alone', 'test/adapters/(keys|spool|runbook-files)/'],
  ['use cases alone', 'test/usecases/(user-session|decisions|followed-job|quarantine-facts|record-result)\\.test'],
  ['some of http', 'test/http/(consents|idempotency|repeated)\\.test'],
  ['fault checker', 'test/faults/(checker|sets)\\.test'],
];

/**
 * What .ci/run also plays on other versions of Node: these suites, the least version of `engines` and that of the container image. A
 * release also plays the `release` versions, which lie between. The major version that .ci/run itself runs on is left out.
 */
export const NODE_LEGS = {
  suites: ['unit', 'adapters and contracts', 'http'],
  versions: ['20.19.6', '24.21.0'],
  release: ['22.23.3'],
};
