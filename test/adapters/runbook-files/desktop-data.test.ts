import { afterAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dotnetRoot } from '../../../lab/sshd.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { brokenRules } from '../../support/gate-rules.js';
import { aHost, ENGINE } from '../../support/hosts.js';

const { host, close } = aHost();
afterAll(() => close());

const DATA = join(INSTALL_ROOT, 'engine/Host/Gate/Desktop/desktop-api.txt');
const rows = readFileSync(DATA, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'));

/** What PowerShell 7 has added to the gate's commands, by Microsoft's reference of both; the bundled one is asked for its own. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  'ForEach-Object': ['AsJob', 'Parallel', 'ThrottleLimit', 'TimeoutSeconds', 'UseNewRunspace'],
  'Where-Object': ['Not'],
  'Start-Sleep': ['Duration'],
  'Get-ChildItem': ['FollowSymlink'],
  'Get-Command': ['ExcludeModule', 'FuzzyMinimumDistance', 'UseAbbreviationExpansion', 'UseFuzzyMatching'],
  'Get-Content': ['AsByteStream'],
  'Get-Date': ['AsUTC', 'UnixTimeSeconds'],
  'Measure-Object': ['AllStats', 'StandardDeviation'],
  'Select-Object': ['CaseInsensitive', 'SkipIndex'],
};

it('every type that a script may name has its row', async () => {
  const lists = Object.values(await host.gateLists()).flatMap(({ types }) => types);
  const known = rows.flatMap(([kind, names = '']) => (kind === 'type' || kind === 'none' ? names.split(',') : []));
  const named = lists.map((name) => name.replace(/\[\]$/, '').toLowerCase());
  const lower = new Set(known.map((name) => name.toLowerCase()));
  expect([...new Set(named)].filter((name) => !lower.has(name))).toEqual([]);
  expect(new Set(known.map((name) => name.toLowerCase())).size).toBe(known.length);
});

it('the types that the engine’s own texts name have theirs', () => {
  const texts = readFileSync(join(INSTALL_ROOT, 'engine/Host/Bootstrap.cs'), 'utf8');
  const known = new Set(rows.flatMap(([, names = '']) => names.split(',')).map((name) => name.toLowerCase()));
  const named = [...texts.matchAll(/\[(System\.[A-Za-z.]+)\]/g)].map(([, name = '']) => name.slice(7).toLowerCase());
  expect(named.length).toBeGreaterThan(10);
  // Written in full there and short in the gate's lists.
  const short: Readonly<Record<string, string>> = { datetime: 'datetime', 'globalization.cultureinfo': 'cultureinfo' };
  expect([...new Set(named)].filter((name) => !known.has(short[name] ?? name))).toEqual([]);
});

it('PowerShell’s own commands have the parameters of 5.1 and no others', async () => {
  const { detect } = await host.gateLists();
  const commands = detect.commands.filter((name) => !name.includes('-ADSync'));
  const script = `foreach ($name in '${commands.join("', '")}') { foreach ($one in (Get-Command $name -ErrorAction Ignore).Parameters.Keys) { "$name $one" } }`;
  const said = execFileSync(
    join(ENGINE, 'linux-x64', 'fixpoint-pwsh'),
    ['-NoProfile', '-NonInteractive', '-Command', script],
    {
      encoding: 'utf8',
      cwd: '/tmp',
      env: { PATH: '/usr/bin:/bin', DOTNET_ROOT: dotnetRoot(), POWERSHELL_TELEMETRY_OPTOUT: '1' },
    },
  );
  const all = said
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);
  expect(new Set(all.map(([name]) => name)).size).toBeGreaterThan(20);
  const refused = new Map<string, string[]>();
  for (const [name, parameter] of all) {
    const rules = await brokenRules(host, `function Get-It {\n${name} -${parameter} 'utf8'\n}`, 'module');
    if (rules.includes('newer-command')) refused.set(name, [...(refused.get(name) ?? []), parameter].sort());
  }
  for (const name of new Set(all.map(([each]) => each)))
    expect([name, refused.get(name)]).toEqual([name, [...(ADDED[name] ?? []), 'ProgressAction'].sort()]);
  // A command that the table lacks would be refused as one that 5.1 does not have.
  for (const name of commands)
    expect([name, await brokenRules(host, `function Get-It {\n${name}\n}`, 'module')]).toEqual([
      name,
      expect.not.arrayContaining(['newer-command']),
    ]);
});
