import { afterAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunbookFolders } from '../../../src/adapters/runbook-files/index.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import type { ScriptToCheck } from '../../../src/ports/powershell-host.js';
import { targetCommands } from '../../../src/usecases/author/target-commands.js';
import { aHost, ENGINE } from '../../support/hosts.js';

const { host, close } = aHost();
afterAll(() => close());

/** The names of the commands that the gate finds in a script. */
async function called(body: string, role: ScriptToCheck['role'] = 'detect', functions: readonly string[] = []) {
  const text = role === 'module' ? body : `[CmdletBinding()] param($Parameters)\n${body}`;
  const [checked] = await host.checkScripts([{ file: 'x.ps1', text, role, functions, mayRunOn51: false }]);
  return checked?.commands.map(({ name }) => name);
}

it.each<[string, string, string[]]>([
  [
    'a nested script block',
    '1 | ForEach-Object { if ($_) { 2 | Where-Object { Get-Date } } }',
    ['ForEach-Object', 'Get-Date', 'Where-Object'],
  ],
  ['a pipeline', 'Get-Service | Select-Object -Property Name | Out-Null', ['Get-Service', 'Out-Null', 'Select-Object']],
  ['a string', '"at $(Get-Date) in $($x = Get-TimeZone; $x.Id)"', ['Get-Date', 'Get-TimeZone']],
  ['a here-string', '@"\n$(Get-Date)\n"@', ['Get-Date']],
  [
    'the value of a parameter',
    'Write-Output (Get-Process -Id (Get-Date).Day)',
    ['Get-Date', 'Get-Process', 'Write-Output'],
  ],
  ['the default of a parameter', 'function Get-It { param($At = (Get-Date)) $At }\nGet-It', ['Get-Date']],
  [
    'a function of its own',
    'function Get-It { try { Get-Date } finally { Start-Sleep 1 } }\nGet-It',
    ['Get-Date', 'Start-Sleep'],
  ],
  ['other letters', 'get-date; GET-DATE', ['Get-Date']],
  ['a text that names one', "'Get-Date'; $x = @{ 'Get-Date' = 1 }", []],
])('the gate reports a command in %s', async (_, body, names) => {
  expect(await called(body)).toEqual(names);
});

it('the gate reports neither what it refuses nor what a module defines', async () => {
  expect(await called('Get-Thing; Invoke-Expression 1; Get-Date', 'detect', ['Get-Thing'])).toEqual(['Get-Date']);
  expect(await called('Start-ADSyncSyncCycle')).toEqual([]);
  expect(await called('Start-ADSyncSyncCycle', 'apply')).toEqual(['Start-ADSyncSyncCycle']);
});

it('the gate reports a command with its module, and a program as one', async () => {
  const text =
    "function Get-It { Get-FileHash -LiteralPath 'x'; Get-ADSyncScheduler; systemctl 'show'; ForEach-Object { 1 } }";
  const [checked] = await host.checkScripts([{ file: 'x', text, role: 'module', functions: [], mayRunOn51: true }]);
  expect(checked?.commands).toEqual([
    { name: 'ForEach-Object', kind: 'cmdlet', module: 'Microsoft.PowerShell.Core' },
    { name: 'Get-ADSyncScheduler', kind: 'cmdlet', module: 'ADSync' },
    { name: 'Get-FileHash', kind: 'function', module: 'Microsoft.PowerShell.Utility' },
    { name: 'systemctl', kind: 'program' },
  ]);
});

it('the engine itself calls two, which it finds in its own texts', async () => {
  expect(await host.sessionCommands()).toEqual([
    { name: 'Set-StrictMode', kind: 'cmdlet', module: 'Microsoft.PowerShell.Core' },
    { name: 'taskkill.exe', kind: 'program' },
  ]);
});

it('each command of the lists has the module that has it in PowerShell for Windows', async () => {
  const lists = await host.gateLists();
  const names = [...new Set(Object.values(lists).flatMap(({ commands }) => commands))];
  const text = names.map((name) => `${name} -LiteralPath 'x' -Encoding utf8`).join('\n');
  const reports = await host.checkScripts(
    (['apply', 'module'] as const).map((role) => ({ file: role, text, role, functions: [], mayRunOn51: true })),
  );
  const described = new Map(reports.flatMap(({ commands }) => commands).map((each) => [each.name, each]));
  expect([...described.keys()].sort()).toEqual(names.sort());
  const folder = join(ENGINE, 'win-x64', 'Modules');
  const modules = readdirSync(folder).map((name) => [name, manifestOf(join(folder, name, `${name}.psd1`))] as const);
  for (const { name, kind, module } of described.values()) {
    const homes = modules.filter(([, manifest]) => new RegExp(`["']${name}["']`).test(manifest)).map(([home]) => home);
    if (kind === 'program') expect([name, homes]).toEqual(['systemctl', []]);
    else if (homes.length > 0) expect([name, [module]]).toEqual([name, homes]);
    // What no module of Windows has is a product's, or PowerShell's own.
    else expect([name, module]).toEqual([name, name.includes('-ADSync') ? 'ADSync' : 'Microsoft.PowerShell.Core']);
  }
});

/** A module's manifest without its signature. */
const manifestOf = (path: string) => readFileSync(path, 'utf8').split('# SIG #')[0] ?? '';

it('and PowerShell itself says so of those that it has here', async () => {
  const lists = await host.gateLists();
  const script = `foreach ($name in $env:NAMES.Split(',')) { $found = Get-Command -Name $name -ErrorAction Ignore; if ($found) { "$name=$($found.Source)" } }`;
  const names = lists.module.commands.filter((name) => name.includes('-'));
  const { stdout } = spawnSync(
    join(ENGINE, 'linux-x64', 'pwsh'),
    ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script],
    { encoding: 'utf8', env: { ...process.env, NAMES: names.join(',') } },
  );
  const said = stdout.split('\n').filter((line) => line.includes('='));
  expect(said.length).toBeGreaterThan(20);
  const text = names.map((name) => `${name} -LiteralPath 'x' -Encoding utf8`).join('\n');
  const [checked] = await host.checkScripts([{ file: 'x', text, role: 'module', functions: [], mayRunOn51: true }]);
  const modules = new Map(checked?.commands.map(({ name, module }) => [name, module]));
  expect(said).toEqual(said.map((line) => line.split('=')[0] ?? '').map((name) => `${name}=${modules.get(name)}`));
});

it('a runbook has the commands of its phases on the target and of every module that it names', async () => {
  const directories = [join(INSTALL_ROOT, 'runbooks')];
  const loaded = await createRunbookFolders({ directories, host }).load((folder) =>
    ['trigger-directory-sync', 'update-ad-attribute'].some((id) => folder.endsWith(id)),
  );
  const bundles = loaded.flatMap(({ bundle }) => (bundle ? [bundle] : []));
  const { runbooks, without, commands } = await targetCommands(host, bundles);
  expect([runbooks, without]).toEqual([['trigger-directory-sync'], ['update-ad-attribute']]);
  expect(commands.map(({ name }) => name)).toEqual([
    'Get-ADSyncCSObject',
    'Get-ADSyncConnector',
    'Get-ADSyncConnectorRunStatus',
    'Get-ADSyncRunProfileResult',
    'Get-ADSyncScheduler',
    'Get-Command',
    'Set-StrictMode',
    'Start-ADSyncSyncCycle',
    'Start-Sleep',
    'Write-Verbose',
    'Write-Warning',
    'taskkill.exe',
  ]);
  const nothing = await targetCommands(
    host,
    bundles.filter(({ manifest }) => manifest.id === 'update-ad-attribute'),
  );
  expect(nothing).toEqual({ runbooks: [], without: ['update-ad-attribute'], commands: [] });
});
