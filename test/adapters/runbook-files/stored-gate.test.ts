import { expect, it } from '@jest/globals';
import { join } from 'node:path';
import { createStoredGate, readStoredManifest } from '../../../src/adapters/runbook-files/index.js';
import { readFolder } from '../../../src/adapters/runbook-files/read-folder.js';
import { bundleDigest } from '../../../src/domain/bundle.js';
import type { RunbookBundle } from '../../../src/domain/manifest.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import type { PowerShellHost } from '../../../src/ports/powershell-host.js';

/** How often an engine reads stored scripts. */

async function fixture(id: string): Promise<RunbookBundle> {
  const { files } = await readFolder(join(INSTALL_ROOT, 'test/fixtures/runbooks', id), id);
  const manifest = readStoredManifest(files);
  if (!manifest) throw new Error(id);
  return { files, manifest, contentDigest: bundleDigest({ files }) };
}

/** An engine that finds the same in each script, and how often it was asked. */
function anEngine(digest: string, finding?: 'error' | 'warning', broken = false) {
  const asked = { times: 0, broken };
  const host: Pick<PowerShellHost, 'checkScripts' | 'engineDigest'> = {
    engineDigest: () => Promise.resolve(digest),
    checkScripts(scripts) {
      asked.times += 1;
      if (asked.broken) return Promise.reject(new Error('the engine ended'));
      const found = { line: 3, column: 1, rule: 'command', message: 'is not allowed' };
      return Promise.resolve(
        scripts.map(({ file }) => ({
          file,
          findings: finding ? [{ ...found, file, severity: finding }] : [],
          functions: [],
          commands: [],
          thrown: [],
        })),
      );
    },
  };
  return { host, asked };
}

it('asks once for each content and engine, however many ask', async () => {
  const gate = createStoredGate();
  const bundle = await fixture('set-file-text');
  const [first, second] = [anEngine('a'), anEngine('b')];
  await Promise.all([1, 2, 3].map(() => gate.problems(bundle, first.host)));
  const once = first.asked.times;
  expect(once).toBeGreaterThan(0);
  await gate.problems(bundle, first.host);
  expect(first.asked.times).toBe(once);
  // Another slot has an engine of its own that is the same.
  const same = anEngine('a');
  await gate.problems(bundle, same.host);
  expect(same.asked.times).toBe(0);
  await gate.problems(bundle, second.host);
  expect(second.asked.times).toBe(once);
  await gate.problems(await fixture('irreversible'), first.host);
  expect(first.asked.times).toBeGreaterThan(once);
});

it('keeps what the engine found, and asks again where it found nothing out', async () => {
  const gate = createStoredGate();
  const bundle = await fixture('set-file-text');
  const strict = anEngine('strict', 'error');
  const found = await gate.problems(bundle, strict.host);
  expect(found).toContainEqual(expect.objectContaining({ severity: 'error', rule: 'command', line: 3 }));
  expect(await gate.problems(bundle, strict.host)).toBe(found);
  const weak = anEngine('weak', undefined, true);
  await expect(gate.problems(bundle, weak.host)).rejects.toThrow('the engine ended');
  weak.asked.broken = false;
  expect(await gate.problems(bundle, weak.host)).toEqual([]);
});
