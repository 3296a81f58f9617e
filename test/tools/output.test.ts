import { expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

/** Runs a line of bash in which `fixpoint` is the command line of this checkout. */
function bash(line: string) {
  const script = `fixpoint() { node bin/fixpoint.js "$@"; }; ${line}`;
  const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: INSTALL_ROOT, encoding: 'utf8' });
  return { status, stderr };
}

it('a command whose reader closes the pipe ends without a stack, and not with 0', () =>
  expect(bash('exec 3> >(true); wait $!; fixpoint --help >&3')).toEqual({ status: 141, stderr: '' }));

it('a command whose output does not fit on the disk says so and fails', () => {
  const { status, stderr } = bash('fixpoint --help > /dev/full');
  expect([status, stderr]).toEqual([1, expect.stringContaining('The output could not be written')]);
});
