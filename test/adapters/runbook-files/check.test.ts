import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunbookFolders, sharedModules } from '../../../src/adapters/runbook-files/index.js';
import { repeatsChoices } from '../../../src/adapters/runbook-files/pattern-ways.js';
import { PURGEABLE } from '../../../src/domain/manifest.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { command } from '../../support/command-line.js';
import { aHost } from '../../support/hosts.js';

const { host, close } = aHost();
let directory: string;
let folder: string;
beforeEach(() => {
  rmSync(directory ?? '/tmp/fxk-none', { recursive: true, force: true });
  directory = mkdtempSync('/tmp/fxk-');
  folder = join(directory, 'write-example-file');
  cpSync(join(INSTALL_ROOT, 'examples/runbooks/write-example-file'), folder, { recursive: true });
});
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true });
  await close();
});

const edit = (name: string, change: (text: string) => string) =>
  writeFileSync(join(folder, name), change(readFileSync(join(folder, name), 'utf8')));
const load = async (directories: readonly string[] = [directory]) => createRunbookFolders({ directories, host }).load();
const lines = async () =>
  (await load()).flatMap(({ problems }) => problems.map(({ file, line, message }) => `${file}:${line} ${message}`));
const YAML = 'write-example-file/runbook.yaml';
const CASES = 'write-example-file/tests/plan.json';

describe('the cases of a runbook', () => {
  it.each<[string, string, string]>([
    [
      'with an action that the manifest lacks',
      '[{"title":"t","parameters":{"directory":"/t","names":["fixpoint-a.txt"],"text":"t"},"state":{"finding":"present","files":[]},\n"changes":[{"resource":"r","property":"p","before":1,"after":2,"action":"nosuch"}]}]',
      `${CASES}:2 /0/changes/0/action nosuch is not an action of the manifest`,
    ],
    ['that are none', '[]', `${CASES}:1 has no case`],
    ['that are no list', '{}', `${CASES}:1 must be array`],
    ['that are not JSON', '[{]', `${CASES}:1 is not JSON: `],
    [
      'with neither changes nor a refusal',
      '[{"title":"t","parameters":{},"state":{"finding":"absent","files":[]}}]',
      `${CASES}:1 /0 must have changes or refuses, and not both`,
    ],
    [
      'that refuse with a code that nobody knows',
      '[{"title":"t","parameters":{},"state":{"finding":"absent","files":[]},"refuses":"nosuch"}]',
      `${CASES}:1 /0/refuses nosuch is not a code that a phase may throw`,
    ],
    [
      'with a member that means nothing',
      '[{"title":"t","parameters":{},"state":{"finding":"absent","files":[]},"refuse":"x"}]',
      `${CASES}:1 /0/refuse is not known here`,
    ],
    [
      'whose state Detect could not return',
      '[{"title":"t","parameters":{"directory":"/t","names":["fixpoint-a.txt"],"text":"t"},"state":{"finding":"gone","files":[]},"changes":[]}]',
      `${CASES}:1 /0/state/finding must be one of present, absent, inconclusive, not-applicable`,
    ],
    [
      'whose parameters nobody could give',
      '[{"title":"t","parameters":{"directory":"t","text":"t","name":"fixpoint-a.txt"},"state":{"finding":"absent","files":[]},"changes":[]}]',
      `${CASES}:1 /0/parameters/name is not known here`,
    ],
  ])('%s are refused', async (_, text, line) => {
    writeFileSync(join(folder, 'tests', 'plan.json'), text);
    expect(await lines()).toContainEqual(expect.stringContaining(line));
    expect((await load())[0]?.bundle).toBeUndefined();
  });

  it('are not replaced by another file below tests', async () => {
    rmSync(join(folder, 'tests', 'plan.json'));
    writeFileSync(join(folder, 'tests', 'notes.txt'), 'x');
    expect(await lines()).toEqual([`${CASES}:1 is missing: a runbook comes with cases`]);
  });
});

describe('a manifest', () => {
  it('names the approvals of each risk of its actions', async () => {
    edit('runbook.yaml', (text) => text.replace('risk: R1', 'risk: R3'));
    expect(await lines()).toEqual([
      expect.stringMatching(/^.*runbook\.yaml:51 the action write-file has the risk R3, but .* for R3$/),
    ]);
  });

  it('promises a quarantine only where purge-quarantine can serve it', async () => {
    edit('runbook.yaml', (text) => `${text}quarantine: { retention: 30d }\n`);
    expect(await lines()).toEqual([
      expect.stringContaining('purge-quarantine cannot serve a target of kind server, only pc'),
      expect.stringContaining('by the parameter userSid: it must be required'),
    ]);
    const pack = await createRunbookFolders({ directories: [join(INSTALL_ROOT, 'runbooks')], host }).load((path) =>
      path.endsWith('/purge-quarantine'),
    );
    const { runsOn, parameters } = pack[0]?.bundle?.manifest ?? {};
    expect(runsOn?.kinds).toEqual(PURGEABLE.kinds);
    expect(parameters?.required).toContain(PURGEABLE.parameter);
  });

  it('is refused with the values that are allowed', async () => {
    edit('runbook.yaml', (text) =>
      text
        .replace('class: ensure', 'class: maybe')
        .replace('detect: target', 'detect: nowhere')
        .replace('kinds: [server, pc]', 'kinds: [linux]')
        .replace('rollback: script', 'rollback: never')
        .replace('runbook/v1', 'runbook/v2'),
    );
    expect(await lines()).toEqual([
      `${YAML}:1 /schema must be runbook/v1`,
      `${YAML}:44 /runsOn/kinds/0 must be one of pc, server, domain, dns-zone, tenant, sync-host, federation-farm, proxy-array`,
      `${YAML}:45 /runsOn/phases/detect must be one of target, worker`,
      `${YAML}:48 /actions/write-file/class must be one of ensure, once, irreversible`,
      `${YAML}:53 /rollback must be script or an object with none`,
    ]);
    edit('runbook.yaml', (text) => text.replace('rollback: never', 'rollback: { reason: it is final }'));
    expect(await lines()).toEqual(
      expect.arrayContaining([
        `${YAML}:53 /rollback/none is required`,
        `${YAML}:53 /rollback/reason is not known here`,
      ]),
    );
  });
});

it('every mistake is named at once: manifest, its rules, cases and scripts', async () => {
  edit('runbook.yaml', (text) =>
    text
      .replace('owner: Fixpoint', 'owners: Fixpoint')
      .replace('modules: []', 'modules: [nosuch]')
      .replace(', maxLength: 40, pattern', ', pattern')
      .replace('required: { R1: 1 }', 'required: { R2: 1 }')
      .replace('class: ensure', 'class: maybe'),
  );
  edit('tests/plan.json', (text) => text.replace('"finding": "absent"', '"finding": "gone"'));
  edit('Apply.ps1', (text) => `${text}\nInvoke-Expression $Change.after\n[IO.Nosuch]::Run()\n`);
  rmSync(join(folder, 'README.md'));
  const all = await lines();
  for (const part of [
    'runbook.yaml:1 /owner is required',
    'runbook.yaml:6 /owners is not known here',
    'runbook.yaml:7 names the module nosuch, which is in no _modules folder',
    'text must have a maxLength',
    '/actions/write-file/class must be one of ensure, once, irreversible',
    'plan.json:5 /0/state/finding must be one of',
    'Apply.ps1:17 [IO.Nosuch] is not in the list of types',
    'README.md:1 is missing',
  ])
    expect(all).toContainEqual(expect.stringContaining(part));
});

it('a manifest that is not YAML hides no finding about the scripts', async () => {
  edit('runbook.yaml', (text) => text.replace('owner: Fixpoint', 'owner: [Fixpoint'));
  edit('Apply.ps1', (text) => `${text}\nInvoke-Expression $Change.after\nGet-Shared\n`);
  mkdirSync(join(directory, '_modules', 'shared'), { recursive: true });
  writeFileSync(
    join(directory, '_modules', 'shared', 'shared.ps1'),
    '<#\n.SYNOPSIS\nx\n#>\nfunction Get-Shared { 1 }\n',
  );
  const all = await lines();
  expect(all).toContainEqual(expect.stringMatching(/runbook\.yaml:\d+ /));
  expect(all).toContainEqual(expect.stringContaining('Apply.ps1:16 Invoke-Expression is not in the list'));
  expect(all.filter((line) => line.includes('Get-Shared'))).toEqual([]);
});

describe('a code that a script throws', () => {
  const CODES = `codes:
  note-forbidden:
    class: refused
    en: The note is forbidden.
    next: { en: Choose another note. }
`;
  it.each<[string, string, readonly string[]]>([
    ['is declared nowhere', 'note-forbiden', ['throws note-forbiden, which is neither a code that a phase may throw']],
    ['is one of the runbook', 'note-forbidden', []],
    ['is one of Fixpoint', 'state-drift', []],
    ['is none but words', 'the note is missing', []],
  ])('%s', async (_, thrown, expected) => {
    edit('runbook.yaml', (text) => `${text}${CODES}`);
    edit('Detect.ps1', (text) => `${text}\n# throw 'note-in-a-comment'\nif ($false) { throw '${thrown}' }\n`);
    const line = readFileSync(join(folder, 'Detect.ps1'), 'utf8').split('\n').length - 1;
    expect(await lines()).toEqual(
      expected.map((words) => expect.stringContaining(`write-example-file/Detect.ps1:${line} ${words}`)),
    );
  });

  it('is not judged where the codes of the manifest cannot be read', async () => {
    edit('runbook.yaml', (text) => `${text}codes: none\n`);
    edit('Detect.ps1', (text) => `${text}\nif ($false) { throw 'note-forbiden' }\n`);
    expect((await lines()).filter((line) => line.includes('Detect.ps1'))).toEqual([]);
  });
});

describe('runbook check', () => {
  const check = (path: string) => command({ FIXPOINT_HOME: directory }, 'runbook', 'check', path);

  it('tells the folder of a runbook that lacks its manifest from a folder of runbooks', async () => {
    rmSync(join(folder, 'runbook.yaml'));
    const { code, text } = await check(folder);
    expect(code).toBe(1);
    expect(text).toContain(`${YAML}:1: `);
    expect(text).toContain('1 runbook, 1 error, 0 warnings');
  });

  it('says so where there is no runbook', async () => {
    mkdirSync(join(directory, 'empty'));
    expect(await check(join(directory, 'empty'))).toEqual({
      code: 2,
      text: expect.stringContaining(`There is no runbook in ${join(directory, 'empty')}`),
    });
  });
});

describe('a text of the manifest', () => {
  it.each([
    [
      'title',
      (text: string, hidden: string) => text.replace('en: Write an example file', `en: "${hidden}"`),
      '/title/en',
    ],
    ['summary', (text: string, hidden: string) => text.replace(/^summary: .*$/m, `summary: "${hidden}"`), '/summary'],
    ['owner', (text: string, hidden: string) => text.replace(/^owner: .*$/m, `owner: "${hidden}"`), '/owner'],
  ])('%s is refused with what a terminal obeys or hides', async (_, change, path) => {
    const before = readFileSync(join(folder, 'runbook.yaml'), 'utf8');
    for (const hidden of [
      'a\\e[2Jb',
      'a\\u009bb',
      'a\u202eb',
      'a\u200bb',
      'a\u2028b',
      'a\u3164b',
      'a\u{e0041}b',
      'a\\rb',
    ]) {
      writeFileSync(join(folder, 'runbook.yaml'), change(before, hidden));
      expect(await lines()).toContainEqual(expect.stringContaining(`${path} has a character that nobody sees`));
    }
  });

  it('that describes a parameter is refused with it too', async () => {
    edit('runbook.yaml', (text) => text.replace(/maxLength: 40,/, `$& description: "a\\e[2J",`));
    expect(await lines()).toContainEqual(expect.stringContaining('description has a character that nobody sees'));
  });
});

describe('a shared module that is a link', () => {
  const withModule = (link: (modules: string, elsewhere: string) => void) => {
    const elsewhere = mkdtempSync('/tmp/fxk-module-');
    mkdirSync(join(elsewhere, 'mine'));
    writeFileSync(join(elsewhere, 'mine', 'mine.ps1'), '<#\n.SYNOPSIS\nx\n#>\nfunction Get-Mine { 1 }\n');
    edit('runbook.yaml', (yaml) => yaml.replace('modules: []', 'modules: [mine]'));
    link(join(directory, '_modules'), elsewhere);
  };

  it.each([
    [
      'by its name',
      (modules: string, elsewhere: string) => {
        mkdirSync(modules);
        symlinkSync(join(elsewhere, 'mine'), join(modules, 'mine'));
      },
    ],
    ['with all others', (modules: string, elsewhere: string) => symlinkSync(elsewhere, modules)],
  ])('%s is refused', async (_, link) => {
    withModule(link);
    expect(await lines()).toContainEqual(expect.stringContaining('names the module mine, which is a link'));
    expect(await sharedModules([directory], host)).toEqual([]);
  });
});

describe('the pattern of a text', () => {
  it.each([
    '(a+)+',
    '(a|a|aa)+',
    '^(a|a|aa)+$',
    '((ab)*c)*',
    '(?:x|y){2,}',
    '(a?){40}',
    '([a-z]{1,9}){1,20}',
    '(\\p{L}+)*',
    '(a(b|c)d)*',
  ])('%s is refused: it repeats what matches in several ways', (pattern) => expect(repeatsChoices(pattern)).toBe(true));
  it.each([
    '^[a-z]+$',
    '(abc)+',
    '(a|b)',
    '(a|b)?c',
    '(-[0-9]{1,10}){4}',
    '^S-1-(5-21|12-1)(-[0-9]{1,10}){4}$',
    '[(|)+*]*',
    '\\(a|b\\)+',
    '(\\(x\\|y\\))+',
    '^(?=.*x)[^\\]]+$',
    '(?<name>[a-z]+)-\\k<name>',
    '\\p{L}+(x\\p{Lu}y){2,}',
  ])('%s is accepted', (pattern) => {
    expect(() => new RegExp(pattern, 'u')).not.toThrow();
    expect(repeatsChoices(pattern)).toBe(false);
  });
});

describe('a name that is in two folders', () => {
  let other: string;
  beforeEach(() => {
    other = join(directory, 'other');
    mkdirSync(join(other, '_modules', 'mine'), { recursive: true });
    mkdirSync(join(directory, 'first', '_modules', 'mine'), { recursive: true });
    const text = (body: string) => `<#\n.SYNOPSIS\nx\n#>\nfunction Get-Mine { ${body} }\n`;
    writeFileSync(join(directory, 'first', '_modules', 'mine', 'mine.ps1'), text('1'));
    writeFileSync(join(other, '_modules', 'mine', 'mine.ps1'), text('2'));
    edit('runbook.yaml', (yaml) => yaml.replace('modules: []', 'modules: [mine]'));
    cpSync(folder, join(other, 'write-example-file'), { recursive: true });
    rmSync(folder, { recursive: true });
  });
  const first = () => join(directory, 'first');

  it('is that of the first folder; a runbook that needs the second module is refused', async () => {
    const [found] = await load([first(), other]);
    expect(found?.problems).toEqual([
      expect.objectContaining({
        rule: 'modules',
        line: 7,
        message: expect.stringMatching(/names the module mine, of which there are 2: .*rename one$/),
      }),
    ]);
    cpSync(join(other, 'write-example-file'), join(first(), 'write-example-file'), { recursive: true });
    const both = await load([first(), other]);
    expect(both.map(({ bundle, problems }) => [bundle !== undefined, problems.map(({ rule }) => rule)])).toEqual([
      [true, []],
      [false, ['id']],
    ]);
  });

  it('is no second one where a link leads to the same folder', async () => {
    symlinkSync(other, join(directory, 'link'));
    expect((await load([other, join(directory, 'link')])).map(({ problems }) => problems)).toEqual([[]]);
  });

  it('has the same answer in runbook check, whichever folder is named', async () => {
    const { problems } = (await load([first(), other]))[0] ?? {};
    for (const path of [other, join(other, 'write-example-file')]) {
      const ran = await command({ FIXPOINT_HOME: directory, FIXPOINT_RUNBOOKS: first() }, 'runbook', 'check', path);
      expect(ran.code).toBe(1);
      expect(ran.text).toContain(`${problems?.[0]?.message ?? ''} [modules]`);
      expect(ran.text).toContain('1 runbook, 1 error, 0 warnings');
    }
  });
});

it('runbook check names a folder that is not there', async () => {
  const ran = await command({ FIXPOINT_HOME: directory }, 'runbook', 'check', join(directory, 'nosuch'));
  expect(ran).toEqual({ code: 2, text: expect.stringContaining('There is no folder') });
});
