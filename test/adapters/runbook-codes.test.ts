import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunbookFolders } from '../../src/adapters/runbook-files/index.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';

let directory: string;

const OFFLINE = `
codes:
  printer-offline:
    class: deferred
    en: The printer is off.
    zh-TW: 印表機已關閉。
    next:
      en: Ask the user to switch it on.
`;
const CLASHING = OFFLINE.replace('printer-offline', 'worker-lost');
const OF_THE_PRODUCT = OFFLINE.replace('deferred', 'job');

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'fixpoint-codes-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Loads a copy of a fixture runbook whose manifest ends with a text. */
async function loaded(codes: string) {
  const home = mkdtempSync(join(directory, 'runbooks-'));
  mkdirSync(join(home, 'set-file-text'));
  cpSync(join(INSTALL_ROOT, 'test/fixtures/runbooks/set-file-text'), join(home, 'set-file-text'), { recursive: true });
  appendFileSync(join(home, 'set-file-text', 'runbook.yaml'), codes);
  const host = { checkScripts: async () => [] };
  const [folder] = await createRunbookFolders({ directories: [home], host }).load();
  return folder;
}

it('loads a runbook that brings a code of its own', async () => {
  const folder = await loaded(OFFLINE);
  expect(folder?.problems).toEqual([]);
  expect(folder?.bundle?.manifest.codes?.['printer-offline']).toMatchObject({ class: 'deferred' });
});

it('refuses a runbook that declares a code of the product', async () => {
  const folder = await loaded(CLASHING);
  expect(folder?.bundle).toBeUndefined();
  expect(folder?.problems).toMatchObject([{ rule: 'codes', message: expect.stringContaining('worker-lost') }]);
});

it('refuses a class that phases may not throw', async () => {
  expect((await loaded(OF_THE_PRODUCT))?.problems[0]?.message).toContain('/codes/printer-offline/class');
});
