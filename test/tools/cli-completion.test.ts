import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { demoCommands } from '../../demo/demo-commands.js';
import { labCommands } from '../../demo/lab-commands.js';
import { placesOf } from '../../src/cli/completion/words.js';
import { createProgram, PRODUCT_COMMANDS } from '../../src/cli/program.js';
import { STATES } from '../../src/domain/job.js';
import { ROLES } from '../../src/domain/people.js';
import { command } from '../support/command-line.js';

const { program } = createProgram([...PRODUCT_COMMANDS, demoCommands, labCommands]);
const namesOf = (of: Command) => of.commands.map((one) => one.name());
const sub = (...path: readonly string[]) =>
  path.reduce<Command>((of, name) => of.commands.find((one) => one.name() === name) ?? of, program);

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync('/tmp/fxcomplete-');
  const { code, text } = await command({}, 'completion', 'bash');
  expect(code).toBe(0);
  writeFileSync(join(folder, 'script'), text);
  writeFileSync(join(folder, 'a file.pem'), '');
  mkdirSync(join(folder, 'folder'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers for these words; the last one is being typed. */
function offered(...words: string[]): readonly string[] {
  const line =
    'source ./script; COMP_WORDS=(fixpoint "$@"); COMP_CWORD=$#; _fixpoint; printf "%s\\n" "${COMPREPLY[@]}"';
  const { stdout, stderr } = spawnSync('bash', ['-c', line, 'bash', ...words], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('bash completes', () => {
  it('every command at every depth', () => {
    const own = createProgram(PRODUCT_COMMANDS).program;
    expect(offered('')).toEqual(namesOf(own));
    for (const group of own.commands.filter((one) => one.commands.length > 0))
      expect(offered(group.name(), '')).toEqual(namesOf(group));
    expect(offered('he')).toEqual(['help']);
    expect(offered('help', 'jo')).toEqual(['job']);
  });

  it('the options of a command, with those of every command', () => {
    const own = sub('job', 'list').options.map(({ long }) => long);
    expect(offered('job', 'list', '-')).toEqual(expect.arrayContaining([...own, '--json', '--as', '--help']));
    expect(offered('--json', 'job', 'list', '--st')).toEqual(['--state']);
    expect(offered('job', 'submit', 'r', 't', 'a=1', '--rea')).toEqual(['--reason']);
  });

  it('the allowed values of options and arguments', () => {
    expect(offered('job', 'list', '--state', '')).toEqual([...STATES]);
    expect(offered('job', 'list', '--state', 'canc')).toEqual(['cancelled']);
    // Bash cuts an equals sign off.
    expect(offered('job', 'list', '--state', '=', 'canc')).toEqual(['cancelled']);
    expect(offered('job', 'list', '--state', '=')).toEqual([...STATES]);
    expect(offered('job', 'resolve', '--reason', 'seen', '01a2', '')).toEqual(['in-place', 'not-in-place']);
    expect(offered('person', 'add', 'ann', 'Ann', 'helpdesk', '')).toEqual([...ROLES]);
    expect(offered('credential', 'add', 'k', '--use', 'd')).toEqual(['detect']);
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it.each([':', '', 'abc', '\n'])('the same where the shell of the user cuts words at %j', (ifs) => {
    const line =
      'source ./script; IFS=$1; shift; COMP_WORDS=(fixpoint "$@"); COMP_CWORD=$#; _fixpoint; (IFS=" "; echo "${COMPREPLY[*]}"; [[ $IFS == " " ]]); printf "%s" "$IFS"';
    const of = (...words: string[]) =>
      spawnSync('bash', ['-c', line, 'bash', ifs, ...words], { cwd: folder, encoding: 'utf8' }).stdout;
    expect(of('job', 'list', '--state', 'canc')).toBe(`cancelled\n${ifs}`);
    expect(of('job', 'res')).toBe(`resolve\n${ifs}`);
  });

  it('files and folders where a command takes one', () => {
    expect(offered('target', 'import', 'a')).toEqual(['a file.pem']);
    expect(offered('target', 'add', 'd', '--ca', 'a')).toEqual(['a file.pem']);
    expect(offered('restore', 'f')).toEqual(['folder']);
  });

  it('nothing where any text may stand, and nothing after two hyphens', () => {
    expect(offered('job', 'show', '')).toEqual([]);
    expect(offered('job', 'list', '--ticket', '')).toEqual([]);
    expect(offered('target', 'find-user', 'contoso', '--', '-')).toEqual([]);
  });

  it('without running what was typed', () => {
    expect(offered('job', 'list', '--state', '$(touch canary)')).toEqual([]);
    expect(offered('target', 'import', '`touch canary`')).toEqual([]);
    expect(offered('a', '')).not.toContain('canary');
    expect(offered('restore', '')).not.toContain('canary');
  });
});

it('every shell gets every command, option and value', async () => {
  const places = placesOf(createProgram(PRODUCT_COMMANDS).program);
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { text } = await command({}, 'completion', shell);
    for (const { commands, options } of places) {
      for (const { word } of commands) expect(text).toContain(word);
      for (const { word } of options) expect(text).toContain(shell === 'fish' ? `-l ${word.slice(2)}` : word);
    }
    for (const state of STATES) expect(text).toContain(state);
  }
  expect(await command({}, 'completion', 'tcsh')).toMatchObject({ code: 2 });
});

it('no option takes a value in one command and none in another', () => {
  const kinds = new Map<string, boolean>();
  for (const { options } of placesOf(program))
    for (const { flags, value } of options)
      for (const flag of flags) {
        expect([flag, kinds.get(flag) ?? value !== undefined]).toEqual([flag, value !== undefined]);
        kinds.set(flag, value !== undefined);
      }
});

it('every word of the scripts is plain text for each shell', () => {
  const words = placesOf(program).flatMap(({ path, commands, options, positions }) => [
    ...path,
    ...[...commands, ...options].map(({ word }) => word),
    ...[...options.map(({ value }) => value), ...positions].flatMap((values) =>
      typeof values === 'object' ? values.words : [],
    ),
  ]);
  for (const word of words) expect(word).toMatch(/^[A-Za-z0-9._-]+$/);
});
