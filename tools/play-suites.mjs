// One Jest run over the files of some suites; what it reports, summed up by suite.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { CHECKOUT } from './setup.mjs';

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
/** How long Jest may stay after its report before something that a test left open is taken to hold it. */
const END_MS = 60_000;

/**
 * Plays suites ([name, pattern] each) and prints a line for each: `--- name: N passed, N failed, N s`, the seconds being the sum over
 * its files. A suite that ran nothing or skipped something fails; so does a run that leaves something open.
 * @param options.without files that are not played
 * @returns how many passed and failed
 */
export async function playSuites(suites, { node = process.execPath, label = '', without = [] } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'fixpoint-suites-'));
  const report = join(directory, 'report.json');
  const patterns = [
    ...suites.flatMap(([, pattern]) => ['--testPathPatterns', pattern]),
    ...['/node_modules/', ...without].flatMap((pattern) => ['--testPathIgnorePatterns', pattern]),
  ];
  const sum = { passed: 0, failed: 0 };
  const fail = (why) => {
    console.log(why);
    sum.failed += 1;
  };
  const args = [...patterns, '--json', '--outputFile', report, `--maxWorkers=${workers()}`];
  if (!(await jest(node, args, report))) fail(`${label}a test has left something open (jest --detectOpenHandles)`);
  const result = read(report);
  rmSync(directory, { recursive: true, force: true });
  if (!result) {
    fail(`${label}the suites did not run`);
    return sum;
  }
  for (const [name, pattern] of suites) {
    const files = result.testResults.filter((file) => new RegExp(pattern).test(relative(CHECKOUT, file.name)));
    const { passed, failed, notes, seconds } = sumOf(files);
    for (const note of notes) console.log(`${label}${name}: ${note}`);
    console.log(`--- ${label}${name}: ${passed} passed, ${failed} failed, ${seconds} s`);
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}

/** Test files mostly wait for processes of their own, so two of them share a core well; more than that fill the memory. */
function workers() {
  return Math.max(2, Math.min(8, availableParallelism()));
}

function sumOf(files) {
  const statuses = files.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const count = (...wanted) => statuses.filter((status) => wanted.includes(status)).length;
  const passed = count('passed');
  const skipped = count('pending', 'skipped', 'todo', 'disabled');
  // A file that could not be loaded has failed without a test of its own.
  const broken = files.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  const nothing = statuses.length === 0 && broken.length === 0;
  return {
    passed,
    failed: count('failed') + skipped + broken.length + (nothing ? 1 : 0),
    seconds: Math.round(files.reduce((ms, { startTime, endTime }) => ms + endTime - startTime, 0) / 1000),
    notes: [
      ...(skipped > 0 ? [`${skipped} tests were skipped, which counts as failed`] : []),
      ...(nothing ? ['no test ran'] : []),
      ...broken.map(({ name, message }) => `${relative(CHECKOUT, name)} could not be loaded\n${message}`),
    ],
  };
}

/** What Jest says of a worker process that had to be killed. */
const KILLED = 'failed to exit gracefully';

/** Resolves with whether Jest and its workers ended by themselves. */
function jest(node, args, report) {
  const child = spawn(node, [...JEST, ...args], { cwd: CHECKOUT, stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve) => {
    let ended = true;
    child.stderr.on('data', (chunk) => {
      process.stderr.write(chunk);
      if (String(chunk).includes(KILLED)) ended = false;
    });
    let reportedAt;
    const looking = setInterval(() => {
      if (reportedAt === undefined && read(report)) reportedAt = Date.now();
      if (reportedAt === undefined || Date.now() - reportedAt < END_MS) return;
      ended = false;
      child.kill('SIGKILL');
    }, 1000);
    child.on('close', () => {
      clearInterval(looking);
      resolve(ended);
    });
  });
}

function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return undefined;
  }
}
