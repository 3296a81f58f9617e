import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PowerShellHost, ScriptToCheck } from '../../../src/ports/powershell-host.js';
import { brokenRules } from '../../support/gate-rules.js';
import { aHost } from '../../support/hosts.js';

// What Windows PowerShell 5.1 and .NET Framework 4.6.2 do not have, where a script may run on them.

let host: PowerShellHost;
let close: () => Promise<void>;
beforeAll(() => {
  ({ host, close } = aHost());
});
afterAll(() => close());

/** The rules that the body breaks where it may run on 5.1, and where it may not. */
async function both(body: string, role: ScriptToCheck['role'] = 'module') {
  const text = role === 'module' ? `function Get-Thing {\n${body}\n}` : body;
  const more = { functions: ['Get-Other'] };
  return [
    await brokenRules(host, text, role, more),
    await brokenRules(host, text, role, { ...more, mayRunOn51: false }),
  ] as const;
}

describe('a script that may run on Windows PowerShell 5.1 has', () => {
  it.each<[string, string]>([
    // Syntax.
    ['newer-syntax', '$true ? 1 : 2'],
    ['newer-syntax', '$null ?? 1'],
    ['newer-syntax', '$x ??= 1'],
    ['newer-syntax', '${x}?.Name'],
    ['newer-syntax', '${x}?.Trim()'],
    ['newer-syntax', '${x}?[0]'],
    ['newer-syntax', 'Get-Date && Get-Date'],
    ['newer-syntax', 'Get-Date || Get-Date'],
    ['newer-syntax', '0b101'],
    ['newer-syntax', '1u'],
    ['newer-syntax', '1us'],
    ['newer-syntax', '2y'],
    ['newer-syntax', '3s'],
    ['newer-syntax', '4ul'],
    ['newer-syntax', '5n'],
    ['newer-syntax', '0x1u'],
    ['newer-syntax', "'a'..'c'"],
    ['newer-syntax', "[char]'a'..[char]'c'"],
    ['newer-syntax', '"`e[0m"'],
    ['newer-syntax', '"a`u{263a}"'],
    ['newer-syntax', '@"\n`u{263a}\n"@'],
    ['newer-syntax', '1, 2\n| ForEach-Object { $_ }'],
    ['newer-syntax', '[array]::Empty[int]()'],
    ['newer-syntax', '$x -is [ordered]'],
    ['newer-syntax', 'process { 1 } clean { 2 }'],
    // Variables.
    ['newer-variable', 'if ($IsWindows) { 1 }'],
    ['newer-variable', '"on $IsLinux"'],
    ['newer-variable', '$IsMacOS; $IsCoreCLR'],
    ['newer-variable', '$PSStyle.Reset'],
    ['newer-variable', '$EnabledExperimentalFeatures'],
    ['newer-variable', '$PSNativeCommandUseErrorActionPreference = $true'],
    ['newer-variable', "$PSNativeCommandArgumentPassing = 'Legacy'"],
    ['newer-variable', '$PSVersionTable.Platform'],
    // Types.
    ['newer-api', "[System.Text.Json.JsonDocument]::Parse('1')"],
    ['newer-api', 'try { 1 } catch [Text.Json.JsonDocument] { 2 }'],
    ['newer-api', 'param([System.Text.Json.JsonDocument]$Document)\n1'],
    ['newer-api', '[ServiceProcess.ServiceController]::GetServices()'],
    ['newer-api', "[DirectoryServices.Protocols.LdapConnection]::new('x')"],
    // Static members, their numbers of arguments, members of enums and attributes.
    ['newer-api', '[Convert]::ToHexString($bytes)'],
    ['newer-api', '[IO.Path]::GetRelativePath($a, $b)'],
    ['newer-api', '[IO.Path]::GetFullPath($a, $b)'],
    ['newer-api', '[IO.File]::Move($a, $b, $true)'],
    ['newer-api', '[math]::Clamp(1, 2, 3)'],
    ['newer-api', '[datetime]::UnixEpoch'],
    ['newer-api', '[Environment]::ProcessId'],
    ['newer-api', '$type = [System.Runtime.InteropServices.Marshal]\n$type::GetLastSystemError()'],
    ['newer-api', '[IO.FileMode]::Newest'],
    ['newer-api', "[System.IO.FileAttributes]'ReadOnly, Newest'"],
    ['newer-api', "param([ValidateSet('a', ErrorMessage = 'no')]$X)\n$X"],
    // Constructors.
    ['newer-api', "[string]::new('a', 'b', 'c', 'd', 'e')"],
    ['newer-api', '[guid]::new(1, 2)'],
    ['newer-api', '[IO.FileStream]::new()'],
    // Members of objects.
    ['newer-api', "$text.Contains('a', 'Ordinal')"],
    ['newer-api', '$text.ReplaceLineEndings()'],
    ['newer-api', '$process.Kill($true)'],
    ['newer-api', '$file.LinkTarget'],
    ['newer-api', '$file.ResolveLinkTarget($true)'],
    ['newer-api', "'a;b'.Split('; ')"],
    // Parameters, and values of them.
    ['newer-command', "Get-Content -LiteralPath 'x' -Encoding utf8 -AsByteStream"],
    ['newer-command', "Get-Content -LiteralPath 'x' -Encoding utf8NoBOM"],
    ['newer-command', "Get-Content -LiteralPath 'x' -Encoding:ansi"],
    ['newer-command', "Get-Content -LiteralPath 'x' -Encoding 1252"],
    ['newer-command', "Get-ChildItem -LiteralPath 'x' -FollowSymlink"],
    ['newer-command', 'Get-Date -AsUTC'],
    ['newer-command', 'Get-Date -UnixTimeSeconds 1'],
    ['newer-command', '1 | Measure-Object -AllStats'],
    ['newer-command', '1 | Measure-Object -Standard'],
    ['newer-command', '1 | Select-Object -SkipIndex 1'],
    ['newer-command', "Get-Command -Name 'x' -UseFuzzyMatching"],
    ['newer-command', 'Start-Sleep -Duration 1'],
    ['newer-command', 'Start-Sleep -ms 1'],
    ['newer-command', 'Start-Sleep -Seconds 0.5'],
    ['newer-command', 'Start-Sleep 0.5'],
    ['newer-command', "Write-Verbose 'x' -ProgressAction Ignore"],
    ['newer-command', 'Get-Other -ProgressAction Ignore'],
  ])('%s: no %s', async (rule, body) => {
    const [there, elsewhere] = await both(body);
    expect([[...new Set(there)], elsewhere]).toEqual([[rule], []]);
  });

  it.each([
    // Refused wherever it may run, by another rule or by the parser.
    ['member-by-name', '1 | ForEach-Object -Parallel { $_ }'],
    ['command', "ConvertFrom-Json '1' -AsHashtable"],
    ['command', '1 | Join-String'],
    ['script-block', "'a' -replace 'a', { 'b' }"],
    ['syntax', 'foreach -parallel ($x in 1) { $x }'],
    ['syntax', 'using namespace System.IO'],
  ])('%s: no %s, here or elsewhere', async (rule, body) => {
    for (const found of await both(body)) expect(found).toContain(rule);
  });

  it.each([
    '1l; 2d; 3kb; 0xff; 0xFFl; 1.5e3; .5; 1e3d; -1',
    "$x -shl 1; $x -shr 1; 1 -in 1, 2; 'a,b' -split ',', 2",
    '1, 2 |\n ForEach-Object { $_ }\nGet-Date',
    '"a`n`t`"$x"; \'`e\'; "x``e"',
    "1..3; '1'..'3'",
    '[ordered]@{ a = 1 }',
    '$PSVersionTable.PSEdition; $PSVersionTable.PSVersion; $PSItem; $PSCmdlet; $InformationPreference',
    '[array]::Empty; [object[]]::new(3); [string[]]::new(0)',
    "[datetime]::ParseExact('x', 'y', $null); [DateTimeOffset]::FromUnixTimeMilliseconds(1); [string]::Join(',', 1, 2, 3)",
    "[System.IO.FileAttributes]'ReadOnly, Hidden'; [System.IO.FileAttributes]::Hidden; [int]::MaxValue; [guid]::Empty",
    '[guid]::new(); [datetime]::new(2026, 1, 1); [Collections.Generic.List[object]]::new(5)',
    "$text.Contains('a'); $text.Split(';'); $text.Split([char]59); $list.Insert(0, 1); $task.Stop(0); $data.order; $data.linkTarget",
    "$type = [string]\n$type::Concat('a', 'b')\n$other = [string]\n$other = 1\n$other::Anything()",
    "Get-Content -LiteralPath 'x' -Encoding utf8 -Raw -Tai 1; Get-ChildItem -LiteralPath 'x' -File -Recurse -Depth 2",
    'Start-Sleep 1; Start-Sleep -Milliseconds 500; 1 | Select-Object -First 1 -ErrorAction Stop',
    "param([Parameter(Mandatory, HelpMessage = 'x')][ValidateSet('a', IgnoreCase = $true)][string]$X)\n$X",
  ])('%s', async (body) => expect(await both(body)).toEqual([[], []]));
});

describe('what an if keeps from Windows PowerShell', () => {
  const NEW = "[IO.File]::Move('a', 'b', $true)";
  it.each([
    `if ([string]::Equals($PSVersionTable.PSEdition, 'Core')) { ${NEW} }`,
    `if ([string]::Equals($PSVersionTable.PSEdition, 'Core', 'Ordinal')) { $file.LinkTarget; $IsWindows }`,
    `if ($PSVersionTable.PSEdition -eq 'Core') { Get-Date -AsUTC; [Text.Json.JsonDocument]::Parse('1') }`,
    `if ($PSVersionTable.PSEdition -eq 'Core' -and $x) { foreach ($y in 1) { ${NEW} } }`,
    `if ($PSVersionTable.PSEdition -eq 'Desktop') { 1 } else { ${NEW} }`,
    `if (-not ($PSVersionTable.PSEdition -eq 'Core')) { 1 } elseif ($x) { ${NEW} } else { ${NEW} }`,
    `if ($PSVersionTable.PSEdition -ne 'Core') { throw 'not-applicable' }\n${NEW}`,
    `if ($PSVersionTable.PSEdition -ne 'Core') { return 1 }\nforeach ($y in 1) { ${NEW} }`,
  ])('is exempt: %s', async (body) => expect(await both(body)).toEqual([[], []]));

  it.each([
    `if ($PSVersionTable.PSEdition -eq 'Core') { 1 } else { ${NEW} }`,
    `if ($PSVersionTable.PSEdition -eq 'Core') { 1 }\n${NEW}`,
    `if ($PSVersionTable.PSEdition -eq 'Core' -or $x) { ${NEW} }`,
    `if ($PSVersionTable.PSEdition -ne 'Core') { ${NEW} }`,
    `if ($PSVersionTable.PSEdition -ne 'Core') { 1 }\n${NEW}`,
    `if ($PSVersionTable.PSEdition -ne 'Core' -and $x) { throw 'x' }\n${NEW}`,
    `if ($x) { 1 } elseif ($PSVersionTable.PSEdition -ne 'Core') { throw 'x' }\n${NEW}`,
    `${NEW}\nif ($PSVersionTable.PSEdition -ne 'Core') { throw 'x' }`,
    `if ($x.PSEdition -eq 'Core') { ${NEW} }`,
    `if ([string]::Equals($PSVersionTable.PSVersion, 'Core')) { ${NEW} }`,
  ])('is not exempt: %s', async (body) => expect((await both(body))[0]).toEqual(['newer-api']));

  it('is read by its parser all the same', async () => {
    const [there] = await both("if ($PSVersionTable.PSEdition -eq 'Core') { $null ?? 1 }");
    expect(there).toEqual(['newer-syntax']);
  });
});

it('a phase is held to it as a module is', async () => {
  expect(await both('$file.LinkTarget', 'detect')).toEqual([['newer-api'], []]);
});
