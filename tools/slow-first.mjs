// The order in which Jest begins the test files: those that take longest first, so that no worker is left alone with one at the end.
const SLOW = [
  'lab/pc-crashes',
  'lab/remove-rsa-phases',
  'end-to-end/product',
  'lab/user-session',
  'lab/trigger-directory-sync',
  'http/generative',
  'end-to-end/production',
  'security/matrix',
  'lab/enable-many',
  'lab/remove-rsa-key-folder',
  'lab/stories',
  'security/two-verifiers',
  'lab/enable-sip-user',
  'end-to-end/messages',
  'end-to-end/supervisor-output',
  'adapters/postgres/growth',
  'end-to-end/restore',
  'usecases/job-life',
];

/** Jest's own needs a cache of former runs, which a fresh clone has not. */
export default class SlowFirst {
  sort(tests) {
    const place = ({ path }) => {
      const found = SLOW.findIndex((name) => path.includes(`/test/${name}.test.ts`));
      return found === -1 ? SLOW.length : found;
    };
    return [...tests].sort((a, b) => place(a) - place(b) || (a.path < b.path ? -1 : 1));
  }

  allFailedTests(tests) {
    return tests;
  }

  shard(tests, { shardIndex, shardCount }) {
    return tests.filter((_, i) => i % shardCount === shardIndex - 1);
  }

  cacheResults() {
    // The order does not depend on them.
  }
}
