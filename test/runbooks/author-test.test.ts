import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { command } from '../support/command-line.js';

const directory = mkdtempSync('/tmp/fxa-');
const folder = join(directory, 'write-example-file');
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(INSTALL_ROOT, 'examples/runbooks/write-example-file'), folder, { recursive: true });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const edit = (name: string, change: (text: string) => string) => {
  const before = readFileSync(join(folder, name), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(join(folder, name), after);
};
const run = (...words: string[]) => command({ FIXPOINT_HOME: directory }, 'runbook', 'test', folder, ...words);

describe('fixpoint runbook test', () => {
  it('runs every case, and says what is not covered', async () => {
    const { code, text } = await run();
    expect(text.split('\n').filter((line) => !line.startsWith('ok     write-example-file, '))).toEqual([
      'write-example-file: not covered: the rights of an account and the session of a real target: sandbox cases run on this machine as you',
      'write-example-file: 7 cases, 0 failed',
      '',
    ]);
    expect(text).toContain('ok     write-example-file, sandbox: one of three files has the text already');
    expect(code).toBe(0);
    rmSync(join(folder, 'tests', 'sandbox.json'));
    expect((await run()).text).toContain(
      'not covered: Detect, Apply, Rollback, the plan after a first change and the empty plan after the last: there is no tests/sandbox.json',
    );
  });

  it.each<[string, string, [string, string, string], string]>([
    [
      'a plan that differs from its case',
      'plan: one file that is not there yet',
      ['tests/plan.json', '"after": "t",\n        "action"', '"after": "u",\n        "action"'],
      'change 1, after: expected "u", planned "t"',
    ],
    [
      'a change that the case does not have',
      'plan: nothing to do',
      ['Plan.ps1', 'if ([string]::Equals($file.text, $Parameters.text)) { continue }', ''],
      'change 1 is not expected: text of file:/tmp/fixpoint-a.txt, "t" to "t"',
    ],
    [
      'an error that is no code, with hostile text',
      'plan with hostile text: two files, one of which differs in case only',
      ['Plan.ps1', 'foreach (', 'if ($Parameters.text.Length -gt 4) { [int]$Parameters.text }\nforeach ('],
      'Plan ended with script-error: ',
    ],
    [
      'an Apply that makes nothing',
      'sandbox: ',
      ['Apply.ps1', '[IO.File]::WriteAllText($path, $Change.after)', ''],
      'after the first 1 of 2 changes: change 1, resource: expected "file:{sandbox}/fixpoint-c.txt", planned "file:{sandbox}/fixpoint-a.txt"',
    ],
    [
      'an Apply that makes more than its change',
      'sandbox: ',
      [
        'Apply.ps1',
        '[IO.File]::WriteAllText($path, $Change.after)',
        "foreach ($name in $Parameters.names) { [IO.File]::WriteAllText([IO.Path]::Combine($Parameters.directory, $name), 't') }",
      ],
      'after the first 1 of 2 changes: change 1 is missing: text of file:{sandbox}/fixpoint-c.txt, null to "t"',
    ],
    [
      'an Apply that does not see that its change is in place',
      'sandbox: ',
      ['Apply.ps1', "if ([string]::Equals($now, $Change.after)) { return [ordered]@{ outcome = 'noop' } }", ''],
      'a second Apply of text of file:{sandbox}/fixpoint-a.txt ended with state-drift',
    ],
    [
      'a Rollback that leaves the change',
      'sandbox: ',
      [
        'Rollback.ps1',
        'if ($null -eq $Change.before)',
        'if ($null -ne $Change.before) { } elseif ($null -eq $Change.before)',
      ],
      'after the rollback: change 1, resource: expected',
    ],
    [
      'another number of changes than the case says',
      'sandbox: ',
      ['tests/sandbox.json', '"changes": 2', '"changes": 3'],
      'the first plan has 2 changes, expected 3',
    ],
  ])('fails for %s, and says what differs', async (_, title, [file, from, to], line) => {
    edit(file, (text) => text.replace(from, to));
    const { code, text } = await run();
    expect(code).toBe(1);
    expect(text).toContain(`FAILED write-example-file, ${title}`);
    expect(text).toContain(line);
  });

  it('runs no case of a runbook that check refuses', async () => {
    edit('runbook.yaml', (text) => text.replace('owner: Fixpoint', 'owners: Fixpoint'));
    const { code, text } = await run();
    expect([code, text]).toEqual([
      1,
      expect.stringContaining('write-example-file: no case was run, because runbook check finds 2 errors'),
    ]);
    expect(text).toContain('FAILED write-example-file/runbook.yaml:1: /owner is required [manifest]');
  });

  it('prints JSON with each verdict', async () => {
    edit('tests/sandbox.json', (text) => text.replace('"changes": 2', '"changes": 1'));
    const { code, text } = await run('--json');
    expect(code).toBe(1);
    const [tested] = JSON.parse(text) as { id: string; verdicts: { kind: string; problems: string[] }[] }[];
    expect(tested?.verdicts.filter(({ problems }) => problems.length > 0)).toMatchObject([{ kind: 'sandbox' }]);
  });

  it('has the cases of a process that is started again when it ends', async () => {
    writeFileSync(
      join(folder, 'tests', 'sandbox.json'),
      JSON.stringify([
        {
          title: 'with a process',
          processes: [{ executable: 'bin/waits', restarts: true }],
          parameters: { directory: '{sandbox}', names: ['fixpoint-a.txt'], text: 't' },
          changes: 1,
        },
      ]),
    );
    expect(await run()).toEqual({ code: 0, text: expect.stringContaining('sandbox: with a process') });
  });
});

describe('fixpoint runbook new', () => {
  const home = { FIXPOINT_HOME: directory };

  it('writes a runbook that passes check and test as it is', async () => {
    const made = join(directory, 'below', 'my-runbook');
    const { code, text } = await command(home, 'runbook', 'new', made);
    expect([code, text]).toEqual([0, expect.stringContaining(`npx fixpoint runbook test ${made}`)]);
    expect(await command(home, 'runbook', 'check', made)).toEqual({
      code: 0,
      text: '1 runbook, 0 errors, 0 warnings\n',
    });
    const tested = await command(home, 'runbook', 'test', made);
    expect([tested.code, tested.text]).toEqual([0, expect.stringContaining('my-runbook: 7 cases, 0 failed')]);
    const again = await command(home, 'runbook', 'new', made);
    expect([again.code, again.text]).toEqual([2, expect.stringContaining('There is something at')]);
  });

  it.each([
    ['My_Runbook', 'must be lower-case letters'],
    ['update-ad-attribute', 'has a runbook of that name already'],
  ])('refuses the name %s', async (name, words) => {
    const { code, text } = await command(home, 'runbook', 'new', join(directory, name));
    expect([code, text]).toEqual([2, expect.stringContaining(words)]);
    expect(existsSync(join(directory, name))).toBe(false);
  });
});

it('fixpoint runbook commands lists what the gate lets a phase use, and the functions of the modules', async () => {
  const { code, text } = await command({ FIXPOINT_HOME: directory }, 'runbook', 'commands', '--phase', 'plan');
  expect(code).toBe(0);
  expect(text).toMatch(/^plan\n {2}commands: ForEach-Object, Where-Object\n {2}types: /);
  expect(text).toMatch(/\n {2}unix: Get-UnixApi, Get-UnixFile, Get-UnixUserId\n/);
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
