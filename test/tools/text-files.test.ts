import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPeopleFile } from '../../src/adapters/identity/people-file.js';
import { createPolicyFile } from '../../src/adapters/identity/policy-file.js';
import { createValueChecker } from '../../src/adapters/runbook-files/index.js';
import { readFolder } from '../../src/adapters/runbook-files/read-folder.js';
import { readCredentialsFile } from '../../src/adapters/secrets/index.js';
import { readParameters } from '../../src/cli/parameters.js';
import { targetsIn } from '../../src/cli/target-file.js';
import { readText, terminal } from '../../src/cli/terminal.js';
import { sha256 } from '../../src/domain/digest.js';
import { PeopleUnreadable } from '../../src/domain/people.js';
import { lookAtFiles } from '../../src/installation/doctor/machine.js';
import { readConfig } from '../../src/processes/config.js';
import { linesOfFile } from '../../src/platform/text-file.js';
import { command } from '../support/command-line.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync('/tmp/fxt-text-');
  path = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true }));

const PEOPLE = '{ "people": [{ "id": "ada", "name": "Ada Löf", "roles": ["helpdesk"] }] }';
const TARGET = '{ "name": "pc-1" }';
const CREDENTIALS = '{ "credentials": {} }';

/** Every reader of a file that people write: what it makes of a text, and what it says of one that it refuses. */
const READERS: readonly (readonly [string, string, () => Promise<unknown>])[] = [
  ['the people file', PEOPLE, async () => (await createPeopleFile(path).read()).find('ada')?.name],
  [
    'the policy file',
    '{ "rules": [{ "id": "a", "effect": "allow", "actions": ["submit"] }] }',
    async () => (await createPolicyFile(path, createValueChecker()).read()).digest,
  ],
  [
    'the credentials file',
    CREDENTIALS,
    async () => {
      const read = await readCredentialsFile(path, createValueChecker());
      if (!read.ok) throw new Error(read.error);
      return read.value;
    },
  ],
  ['a list of targets in JSON', `[${TARGET}]`, async () => targetsIn(readText(path), path)],
  ['parameters', '{ "name": "Löf" }', () => readParameters([`@${path}`], {}, terminal())],
  [
    'one parameter',
    'Löf\r\n\n',
    () => readParameters([`name=@${path}`], { properties: { name: { type: 'string' } } }, terminal()),
  ],
  [
    'an export of the audit log',
    '{"a":"ö"}\n{"b":1}\n',
    async () => {
      const lines: string[] = [];
      for await (const some of linesOfFile(path)) lines.push(...some);
      return lines;
    },
  ],
];

describe.each(READERS)('%s', (_, text, read) => {
  it('reads the same with and without a byte order mark', async () => {
    writeFileSync(path, text, { mode: 0o600 });
    const plain = await read();
    writeFileSync(path, `\uFEFF${text}`, { mode: 0o600 });
    expect(await read()).toEqual(plain);
  });

  it.each<[string, (text: string) => Buffer]>([
    ['Latin-1', (of) => Buffer.from(of.replace('{', '{"ö').concat('ö'), 'latin1')],
    ['UTF-16', (of) => Buffer.from(`\uFEFF${of}`, 'utf16le')],
  ])('refuses %s and names the file', async (_name, bytes) => {
    writeFileSync(path, bytes(text), { mode: 0o600 });
    await expect(read()).rejects.toThrow(new RegExp(`${path}.* is (not )?UTF-(8|16)`));
  });
});

it('a parameter keeps every byte of its file, the last newline too', async () => {
  writeFileSync(path, 'two lines\r\nand an end\r\n\n');
  const schema = { properties: { text: { type: 'string' } } };
  expect(await readParameters([`text=@${path}`], schema, terminal())).toEqual({
    text: 'two lines\r\nand an end\r\n\n',
  });
});

it('lines of a file end at line feeds alone, across chunks', async () => {
  const line = 'ö\u2028'.repeat(90_000);
  writeFileSync(path, `${line}\n${line}\r\n\nlast`);
  const lines: string[] = [];
  for await (const some of linesOfFile(path)) lines.push(...some);
  expect(lines).toEqual([line, line, '', 'last']);
  await expect(linesOfFile(join(folder, 'none')).next()).rejects.toThrow('ENOENT');
});

it('a runbook folder has the same files with and without byte order marks', async () => {
  mkdirSync(join(folder, 'r', 'tests'), { recursive: true });
  const names = ['runbook.yaml', 'Detect.ps1', 'tests/plan.json'];
  for (const name of names) writeFileSync(join(folder, 'r', name), `\uFEFFwords of ${name}\n`);
  const { files, problems } = await readFolder(join(folder, 'r'), 'r');
  expect(problems).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining(
      names.map((name) => ({ path: `r/${name}`, text: `words of ${name}\n`, sha256: sha256(`words of ${name}\n`) })),
    ),
  );
  writeFileSync(join(folder, 'r', 'Detect.ps1'), Buffer.from('\uFEFFx', 'utf16le'));
  expect((await readFolder(join(folder, 'r'), 'r')).problems).toMatchObject([
    { file: 'r/Detect.ps1', rule: 'utf-8', message: 'is UTF-16: save it as UTF-8' },
  ]);
});

describe('a people file that is broken', () => {
  it.each(['{ "people": [', 'null', '{ "people": [null] }', '{}'])('%s is an error of its own', async (text) => {
    writeFileSync(path, text);
    const reading = createPeopleFile(path).read();
    await expect(reading).rejects.toThrow(PeopleUnreadable);
    await expect(reading).rejects.toThrow(`${path}: `);
  });

  it('is named by doctor and by the commands that would write it', async () => {
    const people = join(folder, 'people.json');
    writeFileSync(people, Buffer.from('{ "people": [] } ö', 'latin1'));
    const settings = readConfig({ FIXPOINT_HOME: folder }, '/srv/fixpoint');
    if (!settings.ok) throw new Error('no settings');
    expect(await lookAtFiles(settings.value)).toContainEqual(
      expect.objectContaining({ code: 'file-malformed', detail: expect.stringContaining(`${people} is not UTF-8`) }),
    );
    const { code, text } = await command({ FIXPOINT_HOME: folder }, 'person', 'add', 'bo', 'Bo', 'helpdesk');
    expect([code, text]).toEqual([1, expect.stringContaining(people)]);
  });
});
