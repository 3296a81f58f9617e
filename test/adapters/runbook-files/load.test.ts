import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { execFileSync } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRunbookFolders, createValueChecker } from '../../../src/adapters/runbook-files/index.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { aHost } from '../../support/hosts.js';
import { createPatience } from '../../support/patience.js';

const { host, close } = aHost();
afterAll(() => close());
let directory: string;
const at = (name: string) => join(directory, 'set-file-text', name);
const edit = (name: string, change: (text: string) => string) =>
  writeFileSync(at(name), change(readFileSync(at(name), 'utf8')));
const load = async () => {
  const [folder] = await createRunbookFolders({ directories: [directory], host }).load();
  if (!folder) throw new Error('nothing loaded');
  return folder;
};

beforeAll(() => {
  directory = mkdtempSync('/tmp/fxl-');
});
beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  cpSync(join(INSTALL_ROOT, 'test/fixtures/runbooks/set-file-text'), join(directory, 'set-file-text'), {
    recursive: true,
  });
});

describe('a runbook folder', () => {
  it('has a digest that changes with any byte of any file', async () => {
    const before = (await load()).bundle?.contentDigest;
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect((await load()).bundle?.contentDigest).toBe(before);
    edit('README.md', (text) => `${text} `);
    expect((await load()).bundle?.contentDigest).not.toBe(before);
  });

  it('is the same while an editor keeps files of its own beside those of the runbook', async () => {
    const folders = createRunbookFolders({ directories: [directory], host });
    const before = [(await load()).bundle?.contentDigest, await folders.signature()];
    for (const name of [
      '.Detect.ps1.swp',
      '.DS_Store',
      'Detect.ps1~',
      '#Detect.ps1#',
      '.hidden/x',
      '../.git/x',
      '../y~/x',
    ]) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), Buffer.from([0xff, 0]));
    }
    symlinkSync('somebody@host.1', at('.#Detect.ps1'));
    expect((await load()).problems).toEqual([]);
    expect([(await load()).bundle?.contentDigest, await folders.signature()]).toEqual(before);
    expect(await folders.load()).toHaveLength(1);
  });

  it.each(['_x.ps1', 'x y.ps1', `${'x'.repeat(101)}`])('refuses the name %s in words that fit it', async (name) => {
    writeFileSync(at(name), '');
    expect((await load()).problems).toMatchObject([
      { rule: 'file-name', message: expect.stringMatching(/at most 100/) },
    ]);
  });

  it.each<[string, string, (text: string) => string, string]>([
    ['an unknown member', 'runbook.yaml', (t) => `${t}\nsteps: []`, 'manifest'],
    [
      'an id that is not the folder’s name',
      'runbook.yaml',
      (t) => t.replace('id: set-file-text', 'id: other-name'),
      'id',
    ],
    [
      'open parameters',
      'runbook.yaml',
      (t) => t.replace('additionalProperties: false', 'additionalProperties: true'),
      'closed-schema',
    ],
    ['text without a bound', 'runbook.yaml', (t) => t.replace(', maxLength: 40', ''), 'closed-schema'],
    [
      'a lock that points nowhere',
      'runbook.yaml',
      (t) => t.replace('{ kind: host }', '{ kind: user, at: /nobody }'),
      'locks',
    ],
    ['actions and no lock', 'runbook.yaml', (t) => t.replace(/locks: .*/, 'locks: []'), 'locks'],
    [
      'a supplied value nobody knows',
      'runbook.yaml',
      (t) => t.replace('supplied: [jobId]', 'supplied: [secret]'),
      'manifest',
    ],
    ['YAML that runs something', 'runbook.yaml', (t) => `${t}\nappliesTo: !!js/function 'x'`, 'yaml'],
    ['an alias', 'runbook.yaml', (t) => t.replace('modules: []', 'modules: &m []\nappliesTo: *m'), 'yaml'],
    ['a member twice', 'runbook.yaml', (t) => `${t}\nowner: again`, 'yaml'],
    ['a script the gate refuses', 'Apply.ps1', (t) => `${t}\nInvoke-Expression $Change.after`, 'command'],
  ])('with %s is refused, with file and line', async (_, file, change, rule) => {
    edit(file, change);
    const { bundle, problems } = await load();
    expect(bundle).toBeUndefined();
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          rule,
          severity: 'error',
          file: expect.stringContaining('set-file-text'),
          line: expect.any(Number),
        }),
      ]),
    );
  });

  it.each([['Detect.ps1'], ['Plan.ps1'], ['Apply.ps1'], ['Rollback.ps1'], ['README.md'], ['runbook.yaml']])(
    'without %s is refused',
    async (name) => {
      rmSync(at(name));
      expect((await load()).bundle).toBeUndefined();
    },
  );

  it('with a link is refused', async () => {
    symlinkSync('/etc/hostname', at('notes.txt'));
    expect((await load()).problems).toEqual([expect.objectContaining({ rule: 'no-links' })]);
  });

  it('with a pipe is refused, not waited for', async () => {
    execFileSync('mkfifo', [at('pipe.txt')]);
    expect((await load()).problems).toEqual([expect.objectContaining({ rule: 'file-kind' })]);
  });

  it('that is created and deleted while it is read is loaded, absent or refused, never an error', async () => {
    const folder = join(directory, 'set-file-text');
    const source = join(INSTALL_ROOT, 'test/fixtures/runbooks/set-file-text');
    const silent = { checkScripts: () => Promise.resolve([]) };
    let goes = true;
    const coming = (async () => {
      while (goes) {
        await rm(folder, { recursive: true, force: true });
        await cp(source, folder, { recursive: true });
      }
    })();
    const seen = new Set<string>();
    const patience = createPatience('it is seen half-written');
    for (let i = 0; i < 20 || !seen.has('refused'); i++) {
      patience.check(seen.size);
      const [found] = await createRunbookFolders({ directories: [directory], host: silent }).load();
      seen.add(found === undefined ? 'gone' : found.bundle ? 'whole' : 'refused');
    }
    goes = false;
    await coming;
    expect([...seen]).toContain('refused');
    expect((await load()).problems).toEqual([]);
  });

  it('with bytes that are not UTF-8 is refused', async () => {
    writeFileSync(at('notes.txt'), Buffer.from([0xff, 0xfe]));
    expect((await load()).problems).toEqual([expect.objectContaining({ rule: 'utf-8' })]);
  });
});

describe('values against a schema', () => {
  const values = createValueChecker();
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['a', 'b'],
    properties: {
      a: { type: 'string', maxLength: 3 },
      b: { enum: ['x'] },
      c: { type: 'array', items: { type: 'integer' } },
    },
  };

  it('name every path that does not fit', () => {
    const checked = values.check(schema, { a: 'long text', c: [1, 'two'], extra: 1 });
    expect(checked.ok).toBe(false);
    expect(!checked.ok && checked.error.map(({ path }) => path).sort()).toEqual(['/a', '/b', '/c/1', '/extra']);
  });

  it('compile a schema once, although it is read from the database each time', () => {
    const compile = jest.spyOn(Ajv2020.prototype, 'compile');
    try {
      const own = { ...schema, $comment: 'seen by nothing else' };
      for (const a of ['x', 'y', 'z']) expect(values.check(structuredClone(own), { a, b: 'x' }).ok).toBe(true);
      expect(values.check({ ...own, required: ['c'] }, { c: [] }).ok).toBe(true);
      expect(compile).toHaveBeenCalledTimes(2);
      // What does not fit is judged part by part, each with a schema of its own.
      const misfit = () => values.check(structuredClone(own), { a: 'long text', b: 'x' }).ok;
      expect(misfit()).toBe(false);
      const parts = compile.mock.calls.length;
      expect(misfit()).toBe(false);
      expect(compile).toHaveBeenCalledTimes(parts);
    } finally {
      compile.mockRestore();
    }
  });

  it('never take a member of Object for a parameter', () => {
    expect(
      values.check(
        {
          type: 'object',
          additionalProperties: false,
          required: ['toString'],
          properties: { toString: { type: 'string', maxLength: 1 } },
        },
        {},
      ).ok,
    ).toBe(false);
    expect(values.check(schema, JSON.parse('{"a":"x","b":"x","__proto__":{}}')).ok).toBe(false);
  });
});
