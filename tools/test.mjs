// npm test: the set-up for tests, then every suite; the last line is the sum. A suite that ran nothing or skipped something fails.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT, setUp } from './setup.mjs';
import { SUITES } from './suites.mjs';

setUp({ laboratory: true });
const only = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'fixpoint-suites-'));
let passed = 0;
let failed = 0;
for (const [name, pattern] of SUITES) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  const report = join(directory, `${name.replaceAll(' ', '-')}.json`);
  console.log(`\n=== ${name}`);
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const started = Date.now();
  spawnSync(
    process.execPath,
    [
      ...jest,
      '--testPathPatterns',
      pattern,
      '--json',
      '--outputFile',
      report,
      '--maxWorkers=2',
      '--forceExit',
      '--testTimeout=120000',
    ],
    {
      cwd: CHECKOUT,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    console.log(`${name}: the suite did not run`);
    failed += 1;
    continue;
  }
  const skipped = result.numPendingTests + result.numTodoTests;
  const broken = result.numRuntimeErrorTestSuites;
  passed += result.numPassedTests;
  failed += result.numFailedTests + skipped + broken + (result.numTotalTests === 0 ? 1 : 0);
  if (skipped > 0) console.log(`${name}: ${skipped} tests were skipped, which counts as failed`);
  if (result.numTotalTests === 0) console.log(`${name}: no test ran`);
  console.log(
    `--- ${name}: ${result.numPassedTests} passed, ${result.numFailedTests + broken} failed, ${Math.round((Date.now() - started) / 1000)} s`,
  );
}
if (only.length === 0 || only.some((word) => 'faults: runs'.includes(word))) playFaults();
rmSync(directory, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** The fault runs: each set, scene and mutant counts as a test. A run that does not come to its last line has failed. */
function playFaults() {
  console.log('\n=== faults: runs');
  const started = Date.now();
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', 'test/faults/run.ts', '--ci', '--json'], {
    cwd: CHECKOUT,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  console.log(stdout.trimEnd());
  const lines = stdout.split('\n');
  const good = lines.filter((line) => line.startsWith('passed ')).length;
  const bad = lines.filter((line) => line.startsWith('FAILED ')).length;
  const ended = lines.some((line) => line.startsWith('{"acknowledged"')) && (status === 0) === (bad === 0);
  if (!ended) console.log('faults: runs: the run did not come to its end');
  passed += good;
  failed += bad + (ended ? 0 : 1);
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`--- faults: runs: ${good} passed, ${bad + (ended ? 0 : 1)} failed, ${seconds} s`);
}
