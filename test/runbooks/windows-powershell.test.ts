import { afterAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunbookFolders } from '../../src/adapters/runbook-files/index.js';
import { START_USER_SESSION } from '../../src/domain/user-session-modules.js';
import { INSTALL_ROOT } from '../../src/platform/install-root.js';
import type { PowerShellHost, ScriptToCheck } from '../../src/ports/powershell-host.js';
import { aHost } from '../support/hosts.js';

// Every text that a target may run on Windows PowerShell 5.1 is held to what 5.1 and .NET Framework 4.6.2 have.

const { host, close } = aHost();
afterAll(() => close());

const read = (path: string) => readFileSync(join(INSTALL_ROOT, path), 'utf8');
const DIRECTORIES = ['runbooks', 'examples/runbooks'].map((path) => join(INSTALL_ROOT, path));

/** What 5.1 does not have in a text of the engine's own, which other rules of the gate do not concern. */
async function newer(name: string, text: string): Promise<string[]> {
  const [checked] = await host.checkScripts([{ file: name, text, role: 'module', functions: [], mayRunOn51: true }]);
  const rules = /^(newer-[a-z]+|syntax|ascii)$/;
  return (checked?.findings ?? []).filter(({ rule }) => rules.test(rule)).map(({ message }) => `${name}: ${message}`);
}

/** The runbooks that come with the product, and what the gate was asked about each text. */
async function askedOf(): Promise<readonly ScriptToCheck[]> {
  const asked: ScriptToCheck[] = [];
  const noting: Pick<PowerShellHost, 'checkScripts'> = {
    checkScripts(scripts) {
      asked.push(...scripts);
      return host.checkScripts(scripts);
    },
  };
  const loaded = await createRunbookFolders({ directories: DIRECTORIES, host: noting }).load();
  expect(loaded.flatMap(({ problems }) => problems)).toEqual([]);
  return asked;
}

describe('shipped runbooks', () => {
  it('pass the gate, which asks for 5.1 where a phase on a target runs the text', async () => {
    const asked = await askedOf();
    const flags = (path: RegExp) => new Set(asked.filter(({ file }) => path.test(file)).map((one) => one.mayRunOn51));
    for (const id of ['clear-credential-vault', 'trigger-directory-sync', 'restart-hung-process']) {
      expect([id, flags(new RegExp(`^${id}/(Detect|Apply)`))]).toEqual([id, new Set([true])]);
      expect([id, flags(new RegExp(`^${id}/Plan`))]).toEqual([id, new Set([false])]);
    }
    expect(flags(/^update-ad-attribute\//)).toEqual(new Set([false]));
    expect(flags(/^_modules\/(user-session|native|sync|unix|quarantine)\//)).toEqual(new Set([true]));
    // Only phases on the worker load it.
    expect(flags(/^_modules\/directory\//)).toEqual(new Set([false]));
  });

  it('bring every module but that of directories to targets, whoever names it', async () => {
    const modules = join(INSTALL_ROOT, 'runbooks/_modules');
    for (const name of readdirSync(modules).filter((each) => each !== 'directory'))
      for (const file of readdirSync(join(modules, name)))
        expect(await newer(`${name}/${file}`, read(`runbooks/_modules/${name}/${file}`))).toEqual([]);
  });
});

describe('the engine’s own texts', () => {
  const bootstrap = read('engine/Host/Bootstrap.cs');
  const texts = [...bootstrap.matchAll(/const string (\w+) = """\n([\s\S]*?)\n\s*""";/g)];

  it.each(texts.map(([, name = '', text = '']) => [name, text]))('Bootstrap.%s', async (name, text) =>
    expect(await newer(name, text)).toEqual([]),
  );

  it('are all looked at, and what is newer would be found in them', async () => {
    expect(texts.map(([, name]) => name)).toEqual(['Prepare', 'Describe', 'EndProcess', 'Module', 'Phase']);
    // The one constant that is written on one line.
    expect(bootstrap.match(/const string \w+ =/g)).toHaveLength(texts.length + 1);
    expect(bootstrap).toContain('const string LanguageMode = "\\"$($ExecutionContext.SessionState.LanguageMode)\\"";');
    const [, , end = ''] = texts.find(([, name]) => name === 'EndProcess') ?? [];
    const unguarded = end.replace("[string]::Equals($PSVersionTable.PSEdition, 'Core')", '$true');
    expect(await newer('x', unguarded)).toEqual([expect.stringContaining('Kill')]);
  });

  it('the start of a phase as the user, and what runs there', async () => {
    expect(await newer(START_USER_SESSION.name, START_USER_SESSION.text)).toEqual([]);
    const [, start = ''] = /@'\n([\s\S]*?)\n'@/.exec(read('runbooks/_modules/user-session/run-as-user.ps1')) ?? [];
    expect(start).toContain('Write-UserResult');
    expect(await newer('run.ps1', start)).toEqual([]);
  });

  it('are named nowhere else: no other file of the host has a script', () => {
    const others = readdirSync(join(INSTALL_ROOT, 'engine/Host'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.cs') && !/^(obj|bin)\//.test(path) && path !== 'Bootstrap.cs')
      .filter((path) => /AddScript\((?!Bootstrap\.|script\.Text)/.test(read(`engine/Host/${path}`)));
    expect(others).toEqual([]);
  });
});
