import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPowerShellHost } from '../../../src/adapters/powershell/index.js';
import { sha256 } from '../../../src/domain/digest.js';
import type { PowerShellHost, Session } from '../../../src/ports/powershell-host.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import {
  aHost,
  anEndpoint,
  ENGINE,
  anInstalledPowerShell,
  type Endpoint,
  type EndpointOptions,
} from '../../support/hosts.js';
import { HANGS_MS, until } from '../../support/patience.js';

let host: PowerShellHost;
let close: () => Promise<void>;
let powershell: Awaited<ReturnType<typeof anInstalledPowerShell>>;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  ({ host, close } = aHost());
  powershell = await anInstalledPowerShell();
});
afterAll(async () => {
  await close();
  for (const stop of stops) await stop();
  await powershell.remove();
});

async function endpoint(options: EndpointOptions): Promise<Endpoint> {
  const started = await anEndpoint(options);
  stops.push(() => started.stop());
  return started;
}

const open = async (options: EndpointOptions) => host.open((await endpoint(options)).place());

/** An installed PowerShell with a session configuration file. */
async function configured(configuration: string): Promise<EndpointOptions> {
  const file = join(powershell.path, '..', `${sha256(configuration).slice(0, 16)}.pssc`);
  await writeFile(
    file,
    `@{ SchemaVersion = '2.0.0.0'; GUID = '6f0e8c5a-0000-4000-8000-000000000001'\n${configuration}\n}\n`,
  );
  return { subsystem: `${powershell.path} -sshs -ConfigurationFile ${file}` };
}

const script = (text: string) => ({ name: 't', text, sha256: sha256(text) });
const run = (session: Session, body: string, module = 'function Get-Nothing { }') =>
  session.runPhase({
    script: script(`[CmdletBinding()] param($Parameters)\n${body}`),
    modules: [script(module)],
    parameters: { Parameters: {} },
    timeoutMs: HANGS_MS,
  });

const ALTERED = `
  $global:PSDefaultParameterValues['*:ErrorAction'] = 'SilentlyContinue'
  $global:PSDefaultParameterValues['Test-Path:PathType'] = 'Leaf'
  $global:ErrorActionPreference = 'SilentlyContinue'
  $global:WhatIfPreference = $true
  $global:VerbosePreference = 'SilentlyContinue'
  $global:OFS = '+'
  function global:Test-Path { 'a function of the session' }
  $ExecutionContext.InvokeProvider.Item.New('alias:/', 'Start-Sleep', 'Alias', 'Out-Null')
  $ExecutionContext.InvokeProvider.Item.New('alias:/', 'Get-Twice', 'Alias', 'Out-Null')
  $ExecutionContext.InvokeCommand.PreCommandLookupAction = { throw 'a hook of the session' }
`;

describe.each<[string, () => Promise<EndpointOptions>]>([
  ['the bundled engine', async () => ({ sessionScript: ALTERED })],
  [
    'an installed PowerShell with a session configuration',
    async () => {
      const start = join(powershell.path, '..', 'start.ps1');
      await writeFile(start, ALTERED);
      return configured(`SessionType = 'Default'; LanguageMode = 'FullLanguage'; ScriptsToProcess = '${start}'`);
    },
  ],
])('a session configuration that alters the language: %s', (_, options) => {
  let session: Session;
  beforeAll(async () => {
    const opened = await open(await options());
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    session = opened.value;
  });

  it('a phase ends at its first error', async () => {
    const failed = { ok: false, failure: { kind: 'reported', code: 'script-error' } };
    expect(await run(session, "Write-Error 'no'; 'went on'")).toMatchObject(failed);
    expect(await run(session, "$null = Get-Item -LiteralPath '/nowhere'; 'went on'")).toMatchObject(failed);
  });

  it('throw ends a phase, and a function of a module', async () => {
    const failed = { ok: false, failure: { kind: 'reported', code: 'target-ambiguous' } };
    expect(await run(session, "throw 'target-ambiguous'; 'went on'")).toMatchObject(failed);
    const module = "function Stop-Here { [CmdletBinding()] param() throw 'target-ambiguous'; 'went on' }";
    expect(await run(session, 'Stop-Here', module)).toMatchObject(failed);
  });

  it('lists are joined with a space, and nothing is only tried', async () => {
    const module = 'function Join-Two { [CmdletBinding()] param() "$(1, 2) $WhatIfPreference" }';
    expect(await run(session, 'Join-Two; "$(3, 4) $WhatIfPreference"', module)).toMatchObject({
      ok: true,
      output: ['1 2 False', '3 4 False'],
    });
  });

  it('commands are those of PowerShell, and names of modules are not aliases', async () => {
    const module = "function Get-Twice { [CmdletBinding()] param() 'twice' }";
    const before = 'function Test-Root { [CmdletBinding()] param() Test-Path -LiteralPath "/" }';
    expect(await run(session, "Test-Path -LiteralPath '/'")).toMatchObject({ ok: true, output: [true] });
    expect(await run(session, 'Test-Root', before)).toMatchObject({ ok: true, output: [true] });
    expect(await run(session, 'Get-Twice', module)).toMatchObject({ ok: true, output: ['twice'] });
    expect(await run(session, 'Start-Sleep -Milliseconds 1; 1')).toMatchObject({ ok: true, output: [1] });
  });
});

describe('a session that no phase can use is refused when it opens', () => {
  const refused = (code: string, detail: RegExp | string = '') =>
    expect.objectContaining({
      ok: false,
      error: expect.objectContaining({ kind: 'refused', code, detail: expect.stringMatching(detail) }),
    });

  it('with something that cannot be reset', async () => {
    const readOnly = `$global:ErrorActionPreference = 'SilentlyContinue'
      $ExecutionContext.SessionState.PSVariable.Get('ErrorActionPreference').Options = 'ReadOnly'`;
    expect(await open({ sessionScript: readOnly })).toEqual(refused('session-altered', 'ErrorActionPreference'));
    expect(
      await open({
        sessionScript: "$ExecutionContext.SessionState.PSVariable.Set([psvariable]::new('OFS', '+', 'Constant'))",
      }),
    ).toEqual(refused('session-altered', 'OFS'));
  });

  it('in Constrained Language', async () => {
    const sessionScript = "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'";
    expect(await open({ sessionScript })).toEqual(refused('constrained-language'));
    expect(await open(await configured("SessionType = 'Default'; LanguageMode = 'ConstrainedLanguage'"))).toEqual(
      refused('constrained-language'),
    );
  });

  it.each(['NoLanguage', 'RestrictedLanguage'])('in %s', async (mode) => {
    const sessionScript = `$ExecutionContext.SessionState.LanguageMode = '${mode}'`;
    expect(await open({ sessionScript })).toEqual(refused('endpoint-restricted'));
    expect(await open(await configured(`SessionType = 'Default'; LanguageMode = '${mode}'`))).toEqual(
      refused('endpoint-restricted'),
    );
  });

  it('by an endpoint of the form of JEA', async () => {
    expect(await open(await configured("SessionType = 'RestrictedRemoteServer'"))).toEqual(
      refused('endpoint-restricted'),
    );
  });

  it('by a configuration that does not exist', async () => {
    const subsystem = `${powershell.path} -sshs -ConfigurationFile /nowhere.pssc`;
    expect(await open({ subsystem })).toMatchObject({ ok: false, error: { kind: 'refused' } });
  });

  it.each([
    ['a greeting', 'echo Welcome to this computer'],
    ['a prompt without a line end', 'printf "Password: "; exec cat'],
  ])('with text before PowerShell answers: %s', async (_, print) => {
    const subsystem = `${print}; exec ${powershell.path} -sshs`;
    expect(await open({ subsystem })).toEqual(refused('text-before-powershell', /Welcome|Password/));
  });

  it.each([
    ['ends at once', '/bin/true'],
    ['cannot be run', '/etc/hostname'],
    ['ends with an error', "sh -c 'echo no such library >&2; exit 127'"],
  ])('with a program of the subsystem that %s', async (_, subsystem) => {
    expect(await open({ subsystem })).toEqual(refused('no-powershell'));
  });
});

describe('a target that says no time', () => {
  const engine = join(ENGINE, 'linux-x64', 'fixpoint-pwsh');
  const program = join(INSTALL_ROOT, 'test/support/other-clock.mjs');
  const answering = (text: string) => ({ subsystem: `${process.execPath} ${program} ${engine} ${text}` });
  /** Sessions that this endpoint serves: each runs the program once. */
  const served = (text: string) =>
    execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(`${program} ${engine} ${text}`) && !line.startsWith('sh ')).length;

  it('is used where its text is a time, such as one an hour off', async () => {
    const early = new Date(Date.now() - 3_600_000).toISOString();
    const opened = await host.open((await endpoint(answering(early))).place());
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    expect(Math.round(opened.value.remote.clockOffsetMs / 60_000)).toBe(-60);
    expect(served(early)).toBeGreaterThan(0);
    await opened.value.close();
  });

  it('is refused as altered, and its session ends', async () => {
    const opened = await host.open((await endpoint(answering('garbage'))).place());
    expect(opened).toMatchObject({ ok: false, error: { kind: 'refused', code: 'session-altered' } });
    await until('no session of it is left', () => served('garbage') === 0);
  });
});

it('an engine that holds too much memory is ended, with a line that says so', async () => {
  const said: string[] = [];
  const small = createPowerShellHost({
    engineDirectory: ENGINE,
    runtimeDirectory: mkdtempSync('/tmp/fxm-'),
    env: { PATH: '/usr/bin:/bin' },
    log: (message) => said.push(message),
    mostBytes: 1024 ** 2,
  });
  await small.engineDigest();
  await until('it was ended', () => small.pid === undefined);
  expect(said.join()).toMatch(/the engine \d+ was ended: it held \d+ MiB, and 1 are allowed/);
  await small.close();
});
