// npm test: the set-up for tests, then suites and fault runs; the last line is the sum over everything that was played.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { nodeOf } from './node-versions.mjs';
import { playSuites } from './play-suites.mjs';
import { CHECKOUT, setUp } from './setup.mjs';
import { FAST, LONG, NODE_LEGS, SUITES } from './suites.mjs';

/**
 * npm test                     every suite but the files of LONG (tools/suites.mjs), then the fault sets at small counts and the security figures at quick ones
 * npm test -- http model       the suites whose name has one of the words ("faults: runs": the fault sets; "security: figures")
 * npm test -- --fast           what needs no laboratory: under a minute
 * npm test -- --ci             every suite, then fault sets and security figures at their usual counts, then the quick suites on other versions of Node
 * npm test -- --release        as --ci, with the files of LONG, and more suites on every other version of Node
 * npm test -- --node 24.21.0   the suites of a release on that version of Node alone
 */
const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    fast: { type: 'boolean', default: false },
    ci: { type: 'boolean', default: false },
    release: { type: 'boolean', default: false },
    node: { type: 'string', multiple: true, default: [] },
  },
});
const chosen = (list) => list.filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)));
const major = (version) => version.split('.')[0];
const isCi = values.ci || values.release;
const versions = [...NODE_LEGS.versions, ...(values.release ? NODE_LEGS.release : [])];
const otherVersions = versions.filter((version) => major(version) !== major(process.versions.node));
const legs = isCi ? otherVersions : values.node;
const main = values.fast ? FAST : values.node.length > 0 ? [] : chosen(SUITES);
const plays = !values.fast && values.node.length === 0;
const sum = { passed: 0, failed: 0 };

if (values.release) process.env.FIXPOINT_TEST_COUNTS = 'release';
setUp({ laboratory: !values.fast });
const without = values.release ? [] : LONG;
if (main.length > 0) add(await playSuites(main, { without }));
// The usual counts hold everything that the small ones do.
if (plays && !isCi && chosen([['faults: runs']]).length > 0) add(playFaults('--small'));
if (isCi) add(playFaults('--ci'));
if (isCi || (plays && chosen([['security: figures']]).length > 0)) add(playSecurity(isCi ? [] : ['--quick']));
for (const version of legs) {
  console.log(`\n=== Node ${version}`);
  const suites = values.ci && !values.release ? NODE_LEGS.least : NODE_LEGS.whole;
  add(await playSuites(suites, { node: nodeOf(version), label: `Node ${version}: `, without }));
}
if (main.length > 0 && without.length > 0) console.log(`\nplayed for a release alone: ${without.join(', ')}`);
console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;

function add({ passed, failed }) {
  sum.passed += passed;
  sum.failed += failed;
}

/** Each figure counts as a test. A run that does not come to its last line has failed. */
function playSecurity(counts) {
  const name = ['security: figures', ...counts].join(' ');
  console.log(`\n=== ${name}`);
  const started = Date.now();
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', 'test/security/run.ts', ...counts], {
    cwd: CHECKOUT,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  console.log(stdout.trimEnd());
  const lines = stdout.trimEnd().split('\n');
  const good = lines.filter((line) => line.startsWith('passed ')).length;
  const bad = lines.filter((line) => line.startsWith('FAILED ')).length;
  const ended = lines.at(-1)?.startsWith('{"security"') && (status === 0) === (bad === 0);
  if (!ended) console.log(`${name}: the run did not come to its end`);
  const failed = bad + (ended ? 0 : 1);
  console.log(`--- ${name}: ${good} passed, ${failed} failed, ${Math.round((Date.now() - started) / 1000)} s`);
  return { passed: good, failed };
}

/** Each set and mutant counts as a test. A run that does not come to its last line has failed. */
function playFaults(counts) {
  const name = `faults: runs ${counts}`;
  console.log(`\n=== ${name}`);
  const started = Date.now();
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', 'test/faults/run.ts', counts, '--json'], {
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
  if (!ended) console.log(`${name}: the run did not come to its end`);
  const failed = bad + (ended ? 0 : 1);
  console.log(`--- ${name}: ${good} passed, ${failed} failed, ${Math.round((Date.now() - started) / 1000)} s`);
  return { passed: good, failed };
}
