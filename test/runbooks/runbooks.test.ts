import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRunbookFolders } from '../../src/adapters/runbook-files/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import type { JsonSchema } from '../../src/domain/manifest.js';
import type { LoadedFolder } from '../../src/ports/runbook-catalogue.js';
import { testLoaded, type Verdict } from '../../src/processes/authoring.js';
import { aHost } from '../support/hosts.js';

const DIRECTORIES = ['runbooks', 'examples/runbooks', 'test/fixtures/runbooks'].map((path) => join(INSTALL_ROOT, path));
// Discovered, not listed: a new folder must keep the conventions or this file goes red.
const folders = DIRECTORIES.flatMap((directory) =>
  readdirSync(directory)
    .filter((name) => !name.startsWith('_'))
    .map((name): [string, string] => [name, directory]),
);
const { host, close } = aHost();

/** How many items the longest list of a state may have. */
const mostItems = ({ properties }: JsonSchema) =>
  Math.max(
    0,
    ...Object.values((properties ?? {}) as Readonly<Record<string, JsonSchema>>)
      .filter(({ type }) => type === 'array')
      .map(({ maxItems = Infinity }) => Number(maxItems)),
  );
let loaded: ReadonlyMap<string, LoadedFolder>;
const bundleOf = (id: string) => {
  const { bundle } = loaded.get(id) ?? {};
  if (!bundle) throw new Error(`${id} is not loaded`);
  return bundle;
};

beforeAll(async () => {
  const all = await createRunbookFolders({ directories: DIRECTORIES, host }).load();
  for (const { problems } of all) expect(problems).toEqual([]);
  loaded = new Map(all.map((one) => [one.id, one]));
});
afterAll(() => close());

it('accepts the runbooks of the fault runs', async () => {
  const directories = [join(INSTALL_ROOT, 'test/faults/runbooks')];
  const found = await createRunbookFolders({ directories, host }).load();
  expect(found.flatMap(({ problems }) => problems)).toEqual([]);
  expect(found.length).toBeGreaterThan(0);
});

describe.each(folders)('%s', (id, directory) => {
  it('is accepted by the loader', () => expect(bundleOf(id).manifest.id).toBe(id));

  it('has a title in both languages where it is for users', () => {
    const { title } = bundleOf(id).manifest;
    expect(title.en).toBeTruthy();
    if (directory.endsWith('/runbooks') && !directory.includes('fixtures')) expect(title['zh-TW']).toBeTruthy();
  });

  it('has cases with none, one and two', () => {
    const { cases = [] } = loaded.get(id) ?? {};
    const sizes = cases.flatMap(({ changes }) => (changes ? [changes.length] : []));
    const acts = Object.keys(bundleOf(id).manifest.actions).length > 0;
    // A runbook without actions finds and never changes.
    expect(acts ? sizes : [...new Set(sizes)]).toEqual(acts ? expect.arrayContaining([0, 1]) : [0]);
    const items = cases.map(({ state }) =>
      Math.max(0, ...Object.values(state).map((member) => (Array.isArray(member) ? (member as unknown[]).length : 0))),
    );
    // A runbook that is about one thing has lists of one.
    expect(Math.max(...items)).toBeGreaterThanOrEqual(mostItems(bundleOf(id).manifest.state) > 1 ? 2 : 1);
  });

  it('passes its cases, as fixpoint runbook test runs them', async () => {
    const { cases = [], sandboxCases = [] } = loaded.get(id) ?? {};
    const verdicts: Verdict[] = [];
    await testLoaded(host, { bundle: bundleOf(id), cases, sandboxCases }, (verdict) => void verdicts.push(verdict));
    expect(verdicts.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(verdicts).toHaveLength(2 * cases.length + sandboxCases.length);
  });
});

it('no attribute that gives rights is in the map of update-ad-attribute', () => {
  const text =
    // What a shared module reads in order to refuse is no part of the map.
    bundleOf('update-ad-attribute')
      .files.filter(({ path }) => path.startsWith('update-ad-attribute/'))
      .map((file) => file.text)
      .join('\n');
  const schema = JSON.stringify(bundleOf('update-ad-attribute').manifest.parameters);
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
