/** One configuration; suites are folders under test/ and are chosen by path (tools/suites.mjs). */
export default {
  testEnvironment: 'node',
  // Only what hangs for good meets it: a verdict says nothing about the machine's speed (docs/decisions/0034).
  testTimeout: 20 * 60_000,
  // Ending a process takes a busy machine longer than the half second of the default; what is left open meets it, and fails (tools/play-suites.mjs).
  workerGracefulExitTimeout: 60_000,
  testSequencer: '<rootDir>/tools/slow-first.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
};
