import { describe, expect, it } from '@jest/globals';
import { literal, roleCapabilityText, sessionConfigurationText } from '../../src/cli/endpoint-files.js';
import { command } from '../support/command-line.js';

const WISH = {
  group: 'CONTOSO\\Fixpoint',
  role: 'Fixpoint',
  transcripts: 'C:\\ProgramData\\Fixpoint\\Transcripts',
  accountGroups: [],
} as const;

it('a quotation mark in a text is doubled', () => {
  expect(literal("O'Brien's")).toBe("'O''Brien''s'");
  expect(literal('$(1) `"')).toBe("'$(1) `\"'");
});

it('a role capability has each kind of command in its list, sorted, with its module', () => {
  const text = roleCapabilityText(
    ['b', 'a'],
    [
      { name: 'Set-StrictMode', kind: 'cmdlet', module: 'Microsoft.PowerShell.Core' },
      { name: 'Get-FileHash', kind: 'function', module: 'Microsoft.PowerShell.Utility' },
      { name: 'taskkill.exe', kind: 'program' },
      { name: 'systemctl', kind: 'program' },
      { name: 'Get-ADSyncScheduler', kind: 'cmdlet', module: 'ADSync' },
    ],
  );
  expect(text).toBe(`@{
    Author = 'Fixpoint'
    Description = 'Commands that Fixpoint calls on a target: b, a'
    VisibleCmdlets = @(
        'ADSync\\Get-ADSyncScheduler'
        'Microsoft.PowerShell.Utility\\Get-FileHash'
        'Set-StrictMode'
    )
    VisibleFunctions = @(
        'Microsoft.PowerShell.Utility\\Get-FileHash'
    )
    VisibleExternalCommands = @(
        'C:\\Windows\\System32\\taskkill.exe'
        'systemctl'
    )
}`);
});

describe('a session configuration', () => {
  it('says who connects, as whom it runs, and where the transcripts are', () => {
    expect(sessionConfigurationText({ ...WISH, group: "CONTOSO\\O'Brien" })).toMatch(
      /^@\{\n {4}SchemaVersion = '2\.0\.0\.0'\n {4}GUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'\n/,
    );
    expect(
      sessionConfigurationText({ ...WISH, group: "CONTOSO\\O'Brien" })
        .split('\n')
        .slice(3),
    ).toEqual([
      "    Author = 'Fixpoint'",
      "    Description = 'Sessions of Fixpoint'",
      "    SessionType = 'Default'",
      "    LanguageMode = 'FullLanguage'",
      '    RunAsVirtualAccount = $true',
      "    TranscriptDirectory = 'C:\\ProgramData\\Fixpoint\\Transcripts'",
      '    RoleDefinitions = @{',
      "        'CONTOSO\\O''Brien' = @{ RoleCapabilities = 'Fixpoint' }",
      '    }',
      '}',
    ]);
  });

  it('runs as a group managed service account, or as a virtual account with other groups', () => {
    const gmsa = sessionConfigurationText({ ...WISH, gmsa: 'CONTOSO\\fixpoint$' });
    expect(gmsa).toContain("\n    GroupManagedServiceAccount = 'CONTOSO\\fixpoint$'\n");
    expect(gmsa).not.toContain('RunAsVirtualAccount');
    expect(sessionConfigurationText({ ...WISH, accountGroups: ['B', 'A'] })).toContain(
      "\n    RunAsVirtualAccount = $true\n    RunAsVirtualAccountGroups = @(\n        'A'\n        'B'\n    )\n",
    );
  });

  it('is the same text each time, and has another GUID where it says something else', () => {
    const guid = (text: string) => /GUID = '([^']+)'/.exec(text)?.[1];
    expect(sessionConfigurationText(WISH)).toBe(sessionConfigurationText({ ...WISH }));
    expect(guid(sessionConfigurationText(WISH))).not.toBe(guid(sessionConfigurationText({ ...WISH, role: 'Other' })));
  });
});

describe('fixpoint runbook role-capability --session-configuration', () => {
  const run = (...words: string[]) => command({}, 'runbook', 'role-capability', '--session-configuration', ...words);

  it('prints the file alone', async () => {
    expect(await run('--group', WISH.group)).toEqual({ code: 0, text: `${sessionConfigurationText(WISH)}\n` });
  });

  it.each<[string, string[], RegExp]>([
    ['no group', [], /Say who may connect/],
    ['a group that is not ASCII', ['--group', 'CONTOSO\\Ger\u00e4te'], /Only printable ASCII/],
    ['a line break', ['--group', "x'\n; Remove-Item"], /Only printable ASCII/],
    ['another quotation mark of PowerShell', ['--group', 'x\u2019'], /Only printable ASCII/],
    ['a role with a path', ['--group', 'x', '--role', '..\\x'], /Letters, digits/],
    ['a folder that is relative', ['--group', 'x', '--transcripts', 'logs'], /An absolute path of Windows/],
    ['two accounts', ['--group', 'x', '--gmsa', 'x$', '--account-group', 'y'], /Choose one/],
    ['runbooks', ['purge-quarantine', '--group', 'x'], /names no runbooks/],
  ])('refuses %s', async (_, words, says) => {
    expect(await run(...words)).toEqual({ code: 2, text: expect.stringMatching(says) });
  });

  it('refuses its options without it', async () => {
    expect(await command({}, 'runbook', 'role-capability', '--group', 'x')).toEqual({
      code: 2,
      text: expect.stringContaining('belong to the session configuration'),
    });
  });
});
