import { expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram, PRODUCT_COMMANDS } from '../../src/cli/program.js';
import { packageVersion } from '../../src/platform/version.js';
import { command } from '../support/command-line.js';

const { program } = createProgram(PRODUCT_COMMANDS);
const pathsOf = (of: Command, above: readonly string[] = []): (readonly string[])[] =>
  of.commands.flatMap((one) => [[...above, one.name()], ...pathsOf(one, [...above, one.name()])]);

it.each(pathsOf(program).map((path) => [path.join(' '), path] as const))(
  'help %s is the page of that command',
  async (name, path) => {
    const { code, text } = await command({}, 'help', ...path);
    expect(code).toBe(0);
    expect(text).toContain(`Usage: fixpoint ${name}`);
  },
);

it('help of a command that is not there says which word is wrong', async () => {
  expect(await command({}, 'help', 'job', 'sumbit')).toEqual({
    code: 2,
    text: 'There is no command job sumbit. Run fixpoint help job\n',
  });
  expect((await command({}, 'help', 'jbo')).text).toBe('There is no command jbo. Run fixpoint help\n');
});

it('version and --version print the same', async () => {
  expect((await command({}, 'version')).text).toBe(`${packageVersion()}\n`);
  expect((await command({}, '--version')).text).toBe(`${packageVersion()}\n`);
});
