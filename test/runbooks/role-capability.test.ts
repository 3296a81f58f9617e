import { afterAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import { command } from '../support/command-line.js';

const directory = mkdtempSync('/tmp/fxa-');
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const run = (...words: string[]) => command({ FIXPOINT_HOME: directory }, 'runbook', 'role-capability', ...words);
const guide = readFileSync(join(INSTALL_ROOT, 'docs', 'guides', 'jea.md'), 'utf8');

/** What the command says on stderr of a list with commands of Entra Connect. */
const NOTE = 'Each machine with this file needs the module ADSync: without it PowerShell opens no session.\n';

describe('fixpoint runbook role-capability', () => {
  it('takes the id of a runbook and its folder, in any order, and prints the same each time', async () => {
    const byId = await run('trigger-directory-sync', 'purge-quarantine');
    expect(byId.code).toBe(0);
    expect(byId.text).toContain("'Commands that Fixpoint calls on a target: purge-quarantine, trigger-directory-sync'");
    expect(byId.text).toMatch(/^[\x20-\x7e\n]+$/);
    const folder = (id: string) => join(INSTALL_ROOT, 'runbooks', id);
    expect(await run(folder('purge-quarantine'), folder('trigger-directory-sync'))).toEqual(byId);
  });

  it('says of a runbook that it has no phase on the target', async () => {
    expect(await run('find-ad-user')).toEqual({
      code: 1,
      text: 'find-ad-user has no phase that runs on the target.\n',
    });
    const { code, text } = await run('find-ad-user', 'purge-quarantine');
    expect([code, text]).toEqual([
      0,
      expect.stringMatching(/^find-ad-user has no phase that runs on the target\.\n@\{\n/),
    ]);
    expect(text).not.toContain('find-ad-user,');
  });

  it('refuses what is no runbook, and one that breaks a rule: the list would lack what it calls', async () => {
    expect(await run('no-such-runbook')).toEqual({
      code: 2,
      text: 'There is no folder no-such-runbook, and no runbook of this id.\n',
    });
    const broken = join(directory, 'broken');
    cpSync(join(INSTALL_ROOT, 'examples', 'runbooks', 'write-example-file'), broken, { recursive: true });
    writeFileSync(join(broken, 'Detect.ps1'), 'Invoke-Expression 1');
    expect(await run(broken)).toEqual({ code: 2, text: expect.stringContaining('run fixpoint runbook check') });
  });
});

describe('docs/guides/jea.md', () => {
  const blocks = [...guide.matchAll(/^### `([a-z-]+)`\n[^#]*?```powershell\n([^`]+)```$/gm)];

  it('has the list of each shipped runbook with a phase on the target, as the command prints it', async () => {
    const { text } = await command({ FIXPOINT_HOME: directory }, '--json', 'runbook', 'role-capability');
    const { runbooks } = JSON.parse(text.slice(text.indexOf('{\n'))) as { readonly runbooks: readonly string[] };
    expect(blocks.map(([, id]) => id)).toEqual(runbooks);
    expect(runbooks).toContain('trigger-directory-sync');
    for (const [, id = '', block = ''] of blocks)
      expect([id, (await run(id)).text.replace(NOTE, '')]).toEqual([id, block]);
  });

  it('shows the session configuration that the command prints, and what it says on stderr', async () => {
    expect(guide).toContain((await run('--session-configuration', '--group', 'CONTOSO\\Fixpoint')).text);
    for (const sentence of [NOTE, 'find-ad-user has no phase that runs on the target.'])
      expect(guide).toContain(sentence.trimEnd());
  });
});
