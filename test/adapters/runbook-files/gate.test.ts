import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PowerShellHost, ScriptToCheck } from '../../../src/ports/powershell-host.js';
import { brokenRules, PHASE_HEAD } from '../../support/gate-rules.js';
import { aHost } from '../../support/hosts.js';

let host: PowerShellHost;
let close: () => Promise<void>;
beforeAll(() => {
  ({ host, close } = aHost());
});
afterAll(() => close());

const rules = (body: string, role: ScriptToCheck['role'] = 'detect', more: Partial<ScriptToCheck> = {}) =>
  brokenRules(host, body, role, more);

describe('the gate refuses', () => {
  it.each<[string, string, ScriptToCheck['role']?]>([
    ['command', 'Invoke-Expression $Parameters.x'],
    ['command', 'iex "1"'],
    ['command', "Remove-Item -LiteralPath '/x'"],
    ['command', 'Start-Process x'],
    ['command', 'Add-Type -TypeDefinition x'],
    ['command', 'Set-Alias a b'],
    ['command', 'Invoke-Command { 1 }'],
    ['command', 'New-Object x'],
    ['command', 'Set-Content -LiteralPath x -Value y'],
    ['command', "Set-ItemProperty -LiteralPath 'HKCU:\\x' -Name a -Value b"],
    ['command', 'Get-CimInstance Win32_Product'],
    ['command', 'Invoke-WebRequest x'],
    ['command', 'Sort-Object'],
    ['command', 'Group-Object'],
    ['command', 'ConvertFrom-Json $Parameters.x'],
    ['command', 'whoami'],
    ['command', "systemctl 'restart' 'x.service'", 'apply'],
    ['command', 'Start-ADSyncSyncCycle -PolicyType Delta'],
    ['command', 'Get-Item -LiteralPath x', 'plan'],
    ['command', 'Get-Date', 'plan'],
    ['command', 'Get-Service', 'plan'],
    ['call', '& $Parameters.x'],
    ['call', '. ./x.ps1'],
    ['call', "& 'x'"],
    ['type', "[scriptblock]::Create('1')"],
    ['type', '[powershell]::Create()'],
    ['type', '[Diagnostics.Process]::Start("x")'],
    ['type', '[Reflection.Assembly]::Load("x")'],
    ['type', '[Runtime.InteropServices.Marshal]::ReadInt32(1)'],
    ['type', '[IO.File]::ReadAllText("x")', 'plan'],
    ['type', '[Activator]::CreateInstance(1)'],
    ['member', "[string]::('Eq' + 'uals')('a', 'b')"],
    ['member', '{ 1 }.Invoke()'],
    ['member', '$x.GetNewClosure()'],
    ['member', '$x.WaitOne()'],
    ['variable', '$ExecutionContext.InvokeCommand'],
    ['variable', '$global:x = 1'],
    ['variable', '$env:PATH', 'plan'],
    ['variable', '${C:\\x}'],
    ['member-by-name', '1 | ForEach-Object ToString'],
    ['member-by-name', "1 | Where-Object Name -EQ 'x'"],
    ['stable', '[guid]::NewGuid()', 'plan'],
    ['literal-path', "Get-Item -Path 'x*'"],
    ['literal-path', "Get-Item 'x*'"],
    ['literal-path', "'x*' | Get-Content -Encoding utf8"],
    ['encoding', "Get-Content -LiteralPath 'x'"],
    ['ordinal', '$Parameters.names | Select-Object -Unique'],
    ['class', 'class A { }'],
    ['redirection', "1 > 'x'"],
    ['background', 'Start-Sleep 1 &'],
    ['newer-syntax', '$x = $true ? 1 : 2'],
    ['newer-syntax', '$x = $null ?? 1'],
    ['newer-syntax', "Test-Path -LiteralPath 'a' && Test-Path -LiteralPath 'b'"],
    ['newer-syntax', '${x}?.y'],
    ['ascii', "'\u2019'"],
    ['syntax', 'if ('],
    ['requires', '#requires -Version 7'],
    ['module', '1 + 1', 'module'],
    ['function-name', 'function doit { }', 'module'],
  ])('%s: %s', async (rule, body, role = 'detect') => {
    expect(await rules(body, role)).toContain(rule);
  });

  it('a phase without [CmdletBinding()], help or its parameters', async () => {
    const [checked] = await host.checkScripts([
      { file: 'x', text: 'param($Other)', role: 'detect', functions: [], mayRunOn51: true },
    ]);
    expect(checked?.findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['cmdlet-binding', 'help', 'parameters']),
    );
  });

  it('and names the line', async () => {
    const [checked] = await host.checkScripts([
      {
        file: 'x',
        text: `${PHASE_HEAD}param($Parameters)\n\nInvoke-Expression 1`,
        role: 'detect',
        functions: [],
        mayRunOn51: true,
      },
    ]);
    expect(checked?.findings[0]).toMatchObject({ line: 8, rule: 'command' });
  });
});

describe('the gate accepts', () => {
  it.each<[string, ScriptToCheck['role']?]>([
    ["[ordered]@{ a = [string]::Equals('a', 'b', 'OrdinalIgnoreCase') }", 'plan'],
    ['foreach ($x in $State.items) { if ($x.n -gt 1) { $x } }', 'plan'],
    ["if ([IO.File]::Exists('x')) { throw 'state-drift' }"],
    ['$PSCmdlet.WriteVerbose("x"); Start-Sleep -Milliseconds 5'],
    ['$Parameters.names | ForEach-Object { $_ }'],
    ["Get-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE' | Select-Object -Property a, b"],
    ["Get-ItemPropertyValue -LiteralPath 'HKLM:\\SOFTWARE' -Name a; (Get-Acl -LiteralPath 'C:\\x').Owner"],
    ["Get-Content -LiteralPath 'x' -Encoding utf8; (Get-FileHash -LiteralPath 'x').Hash"],
    ["(Get-Service -Name 'w32time').Status; Get-Process -Id 1; (Get-WinEvent -LogName System -MaxEvents 1).Id"],
    ['(Get-Date).ToString(); (Get-TimeZone).Id; (1, 2 | Measure-Object -Sum).Sum'],
    ['"$($ExecutionContext.SessionState.LanguageMode)"'],
    ['function Get-Thing { param($x) $x }', 'module'],
  ])('%s', async (body, role = 'detect') => expect(await rules(body, role)).toEqual([]));

  it('functions of declared modules, and newer syntax where only 7 runs', async () => {
    expect(await rules('Get-Thing', 'detect', { functions: ['Get-Thing'] })).toEqual([]);
    expect(await rules('$x = $null ?? 1', 'detect', { mayRunOn51: false })).toEqual([]);
  });
});

describe('the gate and comparisons that follow a culture', () => {
  it.each<[string, ScriptToCheck['role']?]>([
    ["$Parameters.a -eq 'b'"],
    ['$Parameters.a -cne $Parameters.b'],
    ["'b' -in $Parameters.names"],
    ["$State.items.name -contains 'b'", 'plan'],
    ["$Change.before -like 'b*'", 'apply'],
    ["$name = $Parameters.a; $name -eq 'b'"],
    ["[string]$name = $Parameters.a; $name -eq 'b'"],
    ['$name = $Parameters.a.Trim(); $other = "x$name"; $other -eq \'b\''],
    ["foreach ($item in $State.items) { if ($item.name -eq 'b') { 1 } }", 'plan'],
    ["$State.items | Where-Object { $_.name -eq 'b' }", 'plan'],
    ["foreach ($x in 1, 2) { if ($last -eq 'b') { 1 }; $last = $Parameters.a }"],
    ["switch ($Parameters.a) { 'b' { 1 } }"],
    ["'abc'.StartsWith('a')"],
    ["$text.EndsWith('a')"],
    ['$text.IndexOf($Parameters.a)'],
    ["$text.LastIndexOf('a')"],
    ["$text.IndexOf('a', 'Ordinal')"],
    ["$text.CompareTo('a')"],
    ["$text.StartsWith('a', 'CurrentCulture')"],
    ["$text.EndsWith('a', [StringComparison]::InvariantCultureIgnoreCase)"],
    ["[string]::Compare('a', 'b')"],
    ["[string]::Equals('a', 'b', 'InvariantCulture')"],
  ])('refuses %s', async (body, role = 'detect') => expect(await rules(body, role)).toEqual(['ordinal']));

  it.each<[string, ScriptToCheck['role']?]>([
    ['$null -eq $Parameters.a'],
    ['$Parameters.flag -eq $true; $Parameters.count -eq 2; $Parameters.names.Count -ne $other'],
    ['$count -lt $Parameters.most'],
    ["$name = 'x'; $name -eq 'b'"],
    ["function Get-Name { $name = $Parameters.a; $name }; $name -eq 'b'"],
    ['switch ($Parameters.count) { 1 { 1 } default { 2 } }'],
    ["switch -Regex ($Parameters.a) { 'b' { 1 } }"],
    ["$text.StartsWith('a', 'Ordinal'); $text.EndsWith('a', [StringComparison]::OrdinalIgnoreCase)"],
    ["$text.IndexOf([char]'a'); $text.IndexOf('a', [StringComparison]::Ordinal)"],
    ["$Parameters.a -cmatch '\\A[a-z]+\\z'; $Parameters.a.Contains('x')"],
    ["[string]::CompareOrdinal('a', 'b'); [string]::Equals('a', 'b')"],
  ])('accepts %s', async (body, role = 'detect') => expect(await rules(body, role)).toEqual([]));
});

describe('the lists of the gate', () => {
  it('are those by which it judges', async () => {
    const lists = await host.gateLists();
    expect(Object.keys(lists).sort()).toEqual(['apply', 'detect', 'module', 'plan', 'rollback', 'verify']);
    expect(lists.plan.commands).toEqual(['ForEach-Object', 'Where-Object']);
    for (const role of ['detect', 'apply', 'rollback', 'verify', 'plan'] as const) {
      expect(lists[role].commands).not.toContain('systemctl');
      for (const name of lists[role].commands.filter((one) => !/-Object$/.test(one)))
        // What such a command must be given is another rule.
        expect([
          role,
          name,
          await rules(`${name} -LiteralPath 'x' -Encoding utf8`, role, { mayRunOn51: false }),
        ]).toEqual([role, name, []]);
    }
    expect(lists.apply.commands).toContain('Start-ADSyncSyncCycle');
    expect(lists.detect.commands).not.toContain('Start-ADSyncSyncCycle');
    expect(await rules("function Get-Unit { systemctl 'show' '--' 'x.service' }", 'module')).toEqual([]);
  });
});
