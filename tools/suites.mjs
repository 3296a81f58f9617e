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

/**
 * Files that only a release plays (`npm test -- --release`, `.ci/run --release`): minutes each, over mechanisms that shorter files of
 * `npm test` play too. What is played instead stands beside each.
 */
export const LONG = [
  // Crashes of four runbooks on Wine: test/usecases/user-session-crash, test/lab/remove-rsa-key-folder, the fault sets.
  'test/lab/pc-crashes.test.ts',
  // Each phase of one runbook on Wine, case by case: test/lab/remove-rsa-key-folder plays its jobs.
  'test/lab/remove-rsa-phases.test.ts',
  // The synchronisation cycles of one runbook over a double: test/runbooks plays its plans, test/lab/stories jobs on the domain.
  'test/lab/trigger-directory-sync.test.ts',
  // Users by the hundred: test/lab/enable-sip-user plays its jobs.
  'test/lab/enable-many.test.ts',
  // Each way to act as the user, on Wine: test/usecases/user-session and user-session-crash play the mechanism, the runbooks of the laboratory its jobs.
  'test/lab/user-session.test.ts',
  // Jobs of one runbook, case by case: test/runbooks plays its plans, test/end-to-end/product its job in the tour.
  'test/lab/renew-user-certificate.test.ts',
  // The demo of rollouts: test/usecases/rollouts and test/http/cli-rollouts play what it shows.
  'test/lab/rollout-demo.test.ts',
  // Two directory servers that replicate: test/lab/update-ad-attribute plays the jobs on one.
  'test/lab/second-server.test.ts',
  // The clock of a whole product over both changes of summer time: test/domain/schedules and test/usecases/fire-schedules play the instants.
  'test/end-to-end/clock-change.test.ts',
  // What a benchmark that is ended leaves behind.
  'test/end-to-end/interrupted-benchmark.test.ts',
  // Plans of statements in a large database: every other test plays the statements.
  'test/adapters/postgres/growth.test.ts',
  // The generator of the gate's data over reference assemblies: test/adapters/runbook-files/desktop-data plays what the data must have.
  'test/adapters/runbook-files/desktop-generated.test.ts',
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
 * Other versions of Node: the least version of `engines` and that of the container image, and the `release` versions between them.
 * .ci/run plays the suites `least` on the first two, but for the major version that it runs on itself; a release plays the suites
 * `whole` on all of them.
 */
export const NODE_LEGS = {
  least: [...FAST, ['http of Node', 'test/http/(protocol|streams|edge|interface|cli-connection)\\.test']],
  whole: SUITES.filter(([name]) => ['unit', 'adapters and contracts', 'http'].includes(name)),
  versions: ['20.19.6', '24.21.0'],
  release: ['22.23.3'],
};
