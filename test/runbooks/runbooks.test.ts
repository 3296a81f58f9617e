import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunbookFolders } from '../../src/adapters/runbook-files/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { sha256 } from '../../src/domain/digest.js';
import type { RunbookBundle } from '../../src/domain/manifest.js';
import type { Session } from '../../src/ports/powershell-host.js';
import { aHost } from '../support/hosts.js';
import { HANGS_MS } from '../support/patience.js';

interface Case {
  readonly title: string;
  readonly parameters: Record<string, never>;
  readonly state: Record<string, never>;
  readonly changes?: readonly object[];
  readonly refuses?: string;
}

const DIRECTORIES = ['runbooks', 'examples/runbooks', 'test/fixtures/runbooks'].map((path) => join(INSTALL_ROOT, path));
// Discovered, not listed: a new folder must keep the conventions or this file goes red.
const folders = DIRECTORIES.flatMap((directory) =>
  readdirSync(directory)
    .filter((name) => !name.startsWith('_'))
    .map((name): [string, string] => [name, directory]),
);
const { host, close } = aHost();
let bundles: ReadonlyMap<string, RunbookBundle>;
let plan: Session;

beforeAll(async () => {
  const loaded = await createRunbookFolders({ directories: DIRECTORIES, host }).load();
  for (const { problems } of loaded) expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  bundles = new Map(loaded.flatMap(({ id, bundle }): [string, RunbookBundle][] => (bundle ? [[id, bundle]] : [])));
  const opened = await host.open({ kind: 'plan' });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  plan = opened.value;
});
afterAll(() => close());

it('accepts the runbooks of the fault runs', async () => {
  const directories = [join(INSTALL_ROOT, 'test/faults/runbooks')];
  const loaded = await createRunbookFolders({ directories, host }).load();
  expect(loaded.flatMap(({ problems }) => problems)).toEqual([]);
  expect(loaded.length).toBeGreaterThan(0);
});

describe.each(folders)('%s', (id, directory) => {
  const cases = JSON.parse(readFileSync(join(directory, id, 'tests', 'plan.json'), 'utf8')) as readonly Case[];

  it('is accepted by the loader', () => expect(bundles.get(id)?.manifest.id).toBe(id));

  it('has a title in both languages where it is for users', () => {
    const title = bundles.get(id)?.manifest.title;
    expect(title?.en).toBeTruthy();
    if (directory.endsWith('/runbooks') && !directory.includes('fixtures')) expect(title?.['zh-TW']).toBeTruthy();
  });

  it('has cases with none, one and two', () => {
    const sizes = cases.flatMap(({ changes }) => (changes ? [changes.length] : []));
    const acts = Object.keys(bundles.get(id)?.manifest.actions ?? {}).length > 0;
    // A runbook without actions finds and never changes.
    expect(acts ? sizes : [...new Set(sizes)]).toEqual(acts ? expect.arrayContaining([0, 1]) : [0]);
    const items = cases.map(({ state }) =>
      Math.max(0, ...Object.values(state).map((member) => (Array.isArray(member) ? (member as unknown[]).length : 0))),
    );
    expect(Math.max(...items)).toBeGreaterThanOrEqual(2);
  });

  it.each(cases.map((one): [string, Case] => [one.title, one]))(
    'plans: %s',
    async (_, { parameters, state, changes, refuses }) => {
      const script = bundles.get(id)?.files.find(({ path }) => path === `${id}/Plan.ps1`);
      if (!script) throw new Error('no plan');
      const run = () =>
        plan.runPhase({
          script: { name: 'plan', text: script.text, sha256: sha256(script.text) },
          modules: [],
          parameters: { Parameters: parameters, State: state },
          timeoutMs: HANGS_MS,
        });
      const result = await run();
      if (refuses !== undefined)
        expect(result).toMatchObject({ ok: false, failure: { kind: 'reported', code: refuses } });
      else expect(result.ok ? result.output : result.failure).toEqual(changes);
      // Two Plans of one state are the same.
      const { log: _log, ...again } = await run();
      const { log: _first, ...first } = result;
      if (first.ok) expect(again).toEqual(first);
    },
  );
});

describe('hostile text in every parameter', () => {
  const HOSTILE = [
    "'; [IO.File]::WriteAllText('/tmp/fixpoint-canary', 'x'); '",
    '$([IO.File]::WriteAllText("/tmp/fixpoint-canary", "x"))',
    '`" \u2018\u2019\u201c\u201d',
    'a\r\nb\0c',
    'ad\u00admin',
    'e\u0301',
    '\uff21',
    '\u200b',
    '*',
    '-Force',
    '\ud83d\ude00',
    '',
  ];

  it.each(folders)('is data to the Plan of %s, never code', async (id, directory) => {
    const script = bundles.get(id)?.files.find(({ path }) => path === `${id}/Plan.ps1`);
    if (!script) throw new Error('no plan');
    const cases = JSON.parse(readFileSync(join(directory, id, 'tests', 'plan.json'), 'utf8')) as readonly Case[];
    for (const text of HOSTILE) {
      for (const { parameters, state } of cases) {
        const spoiled = Object.fromEntries(
          Object.entries(parameters).map(([name, value]) => [
            name,
            typeof value === 'string' ? `${String(value)}${text}` : value,
          ]),
        );
        const result = await plan.runPhase({
          script: { name: 'plan', text: script.text, sha256: sha256(script.text) },
          modules: [],
          parameters: { Parameters: spoiled, State: state },
          timeoutMs: HANGS_MS,
        });
        if (result.ok)
          for (const change of result.output)
            expect(
              Object.keys(change as object)
                .filter((name) => name !== 'label')
                .sort(),
            ).toEqual(['action', 'after', 'before', 'property', 'resource']);
        else expect(result.failure).toMatchObject({ kind: 'reported', code: expect.stringMatching(/^[a-z-]+$/) });
      }
    }
    expect(existsSync('/tmp/fixpoint-canary')).toBe(false);
  });
});

it('no attribute that gives rights is in the map of update-ad-attribute', () => {
  const text =
    bundles
      .get('update-ad-attribute')
      // What a shared module reads in order to refuse is no part of the map.
      ?.files.filter(({ path }) => path.startsWith('update-ad-attribute/'))
      .map((file) => file.text)
      .join('\n') ?? '';
  const schema = JSON.stringify(bundles.get('update-ad-attribute')?.manifest.parameters);
  for (const never of [
    'userAccountControl',
    'unicodePwd',
    'pwdLastSet',
    'servicePrincipalName',
    'memberOf',
    'primaryGroupID',
    'sIDHistory',
    'altSecurityIdentities',
    'msDS-AllowedToDelegateTo',
    'msDS-KeyCredentialLink',
    'nTSecurityDescriptor',
    'scriptPath',
    'profilePath',
  ]) {
    expect(schema).not.toContain(never);
    expect(text).not.toContain(`'${never}'`);
  }
});
