import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { dotnetRoot } from '../../../lab/sshd.js';
import { createRunbookFolders, createValueChecker } from '../../../src/adapters/runbook-files/index.js';
import { roleCapabilityText, sessionConfigurationText } from '../../../src/cli/endpoint-files.js';
import type { ListedCommand } from '../../../src/domain/listed-command.js';
import type { RunbookBundle } from '../../../src/domain/manifest.js';
import { INSTALL_ROOT } from '../../../src/platform/install-root.js';
import { targetCommands } from '../../../src/usecases/author/target-commands.js';
import { runPhase } from '../../../src/usecases/phases/run-phase.js';
import { aHost, anEndpoint } from '../../support/hosts.js';
import { aPowerShellOfWindows, roleModule } from '../../support/jea.js';
import { opened, resultIn, runText } from '../../support/phases.js';

const RUNBOOK = 'trigger-directory-sync';
const GROUP = "CONTOSO\\O'Brien's workers";
const DOUBLE = join(INSTALL_ROOT, 'lab', 'sync', 'modules');
const { host, close } = aHost();
const powershell = aPowerShellOfWindows();
const directory = mkdtempSync('/tmp/fxj-');
const transcripts = join(directory, 'transcripts');
const stops: (() => Promise<unknown>)[] = [];
let bundle: RunbookBundle;
let commands: readonly ListedCommand[];
let capability: string;
const visible = () => commands.filter(({ kind }) => kind === 'cmdlet').map(({ name }) => name);
const configuration = sessionConfigurationText({ group: GROUP, role: 'Fixpoint', transcripts, accountGroups: [] });

beforeAll(async () => {
  const folders = createRunbookFolders({ directories: [join(INSTALL_ROOT, 'runbooks')], host });
  const [loaded] = await folders.load((folder) => folder.endsWith(RUNBOOK));
  if (!loaded?.bundle) throw new Error(`no ${RUNBOOK}`);
  bundle = loaded.bundle;
  ({ commands } = await targetCommands(host, [bundle]));
  capability = roleCapabilityText([RUNBOOK], commands);
});
afterAll(async () => {
  await close();
  for (const stop of stops) await stop();
  powershell.remove();
  rmSync(directory, { recursive: true });
});

const written = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

/** What a script of PowerShell says, as JSON. */
function said(script: string, env: NodeJS.ProcessEnv = {}): any {
  const words = ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', written('script.ps1', script)];
  const home = { PATH: '/usr/bin:/bin', HOME: directory, DOTNET_ROOT: dotnetRoot(), POWERSHELL_TELEMETRY_OPTOUT: '1' };
  return JSON.parse(execFileSync(powershell.path, words, { encoding: 'utf8', env: { ...home, ...env } }));
}

describe('the printed files', () => {
  const read = (path: string) =>
    said(`Import-PowerShellDataFile -LiteralPath $env:FILE | ConvertTo-Json -Depth 5`, { FILE: path });

  it('are data to PowerShell, with exactly these members', () => {
    expect(read(written('Fixpoint.psrc', capability))).toEqual({
      Author: 'Fixpoint',
      Description: `Commands that Fixpoint calls on a target: ${RUNBOOK}`,
      VisibleCmdlets: [
        ...['CSObject', 'Connector', 'ConnectorRunStatus', 'RunProfileResult', 'Scheduler'].map(
          (noun) => `ADSync\\Get-ADSync${noun}`,
        ),
        'ADSync\\Start-ADSyncSyncCycle',
        'Get-Command',
        ...['Start-Sleep', 'Write-Verbose', 'Write-Warning'].map((name) => `Microsoft.PowerShell.Utility\\${name}`),
        'Set-StrictMode',
      ],
      VisibleExternalCommands: ['C:\\Windows\\System32\\taskkill.exe'],
    });
    expect(read(written('Fixpoint.pssc', configuration))).toEqual({
      SchemaVersion: '2.0.0.0',
      GUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      Author: 'Fixpoint',
      Description: 'Sessions of Fixpoint',
      SessionType: 'Default',
      LanguageMode: 'FullLanguage',
      RunAsVirtualAccount: true,
      TranscriptDirectory: transcripts,
      RoleDefinitions: { [GROUP]: { RoleCapabilities: 'Fixpoint' } },
    });
  });

  it('make a session of PowerShell for the group in which these commands are visible, and no others', () => {
    const env = {
      FILE: written('Fixpoint.pssc', configuration),
      GROUP,
      PSModulePath: `${roleModule(directory, 'Fixpoint', capability)}:${DOUBLE}`,
    };
    const script = `
      $ErrorActionPreference = 'Stop'
      $isMember = [Func[string, bool]] { param($name) [string]::Equals($name, $env:GROUP, 'Ordinal') }
      $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateFromSessionConfigurationFile($env:FILE, $isMember))
      $runspace.Open()
      function Get-Answer([string]$Text) {
        $shell = [powershell]::Create($runspace).AddScript($Text)
        try { $shell.Invoke() } catch { $_.Exception.InnerException.ErrorRecord.FullyQualifiedErrorId }
        $shell.Streams.Error | ForEach-Object { $_.FullyQualifiedErrorId }
      }
      @{
        visible = @(Get-Answer '(Get-Command).Name')
        mode    = "$(Get-Answer '"$($ExecutionContext.SessionState.LanguageMode)"')"
        hidden  = "$(Get-Answer 'Get-Date')"
        inBlock = "$(Get-Answer '& { (Get-Date).GetType().Name }')"
        started = "$(Get-Answer '/bin/true')"
      } | ConvertTo-Json`;
    const answer = said(script, env);
    expect(answer.visible.sort()).toEqual(visible());
    expect(answer).toMatchObject({
      mode: 'FullLanguage',
      hidden: 'CommandNotFoundException',
      started: 'CommandNotFoundException',
      // The list is no sandbox, as the guide says.
      inBlock: 'DateTime',
    });
  });
});

/** A place whose sessions have what a role capability says. Over SSH there are no roles: its members stand in the session configuration. */
async function endpointOf(text: string, variables: Readonly<Record<string, string>> = {}) {
  const members = `SchemaVersion = '2.0.0.0'; SessionType = 'Default'; LanguageMode = 'FullLanguage'; TranscriptDirectory = '${transcripts}'`;
  const file = written(`session-${stops.length}.pssc`, text.replace('@{', `@{ ${members}`));
  const env = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const subsystem = ['env', ...env, powershell.path, '-sshs', '-NoLogo', '-ConfigurationFile', file].join(' ');
  const endpoint = await anEndpoint({ subsystem });
  stops.push(() => endpoint.stop());
  return endpoint.place();
}

describe('a session with exactly the commands of the list', () => {
  const scheduler = {
    policy: 'Delta',
    next: '2026-12-01T12:00:00Z',
    enabled: true,
    staging: false,
    suspended: false,
    inCycle: false,
  };
  const answers: Readonly<Record<string, unknown>> = {
    '/scheduler': scheduler,
    '/connectors': ['contoso.test'],
    '/status': [],
    '/runs': [],
  };
  const server = createServer((request, response) => response.end(JSON.stringify(answers[request.url ?? ''] ?? null)));
  let variables: Readonly<Record<string, string>>;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(async () => server.close());
    variables = {
      PSModulePath: DOUBLE,
      FIXPOINT_SYNC_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    };
  });

  it('plays Detect of a shipped runbook', async () => {
    const session = await opened(host, await endpointOf(capability, variables));
    const shown = `foreach ($one in $ExecutionContext.InvokeCommand.GetCommands('*', 'Cmdlet, Function, Alias', $true)) { if ([string]::Equals("$($one.Visibility)", 'Public')) { $one.Name } }`;
    const listed = await runText(session, shown);
    const own = ['New-FixpointArray', 'Restore-FixpointValue'];
    if (!listed.ok) throw new Error(JSON.stringify(listed));
    expect([...listed.output].sort()).toEqual([...visible(), ...own].sort());
    const Parameters = { policyType: 'Delta', requestedAtTargetUtc: '2026-12-01T11:00:00.000Z', followedJob: null };
    const { signal } = new AbortController();
    const detected = await runPhase({ session }, bundle, 'detect', { Parameters }, () => undefined, signal);
    if (!detected.ok) throw new Error(JSON.stringify(detected.error));
    const state = createValueChecker().check(bundle.manifest.state, detected.value[0]);
    expect(state).toMatchObject({
      ok: true,
      value: { finding: 'present', generation: 'adsync', scheduler: { syncCycleEnabled: true } },
    });
    await session.close();
    const transcript = readdirSync(transcripts)
      .map((name) => readFileSync(join(transcripts, name), 'utf8'))
      .join('');
    expect(transcript).toContain('Get-SyncGeneration');
  });

  it('runs no phase without what the engine itself calls', async () => {
    const others = roleCapabilityText(
      [RUNBOOK],
      commands.filter(({ name }) => name !== 'Set-StrictMode'),
    );
    expect(await resultIn(host, await endpointOf(others, variables), '1')).toMatchObject({
      kind: 'reported',
      error: { fullyQualifiedErrorId: 'CommandNotFoundException', message: expect.stringContaining('Set-StrictMode') },
    });
  });

  it('is refused where a module of the list is missing', async () => {
    expect(await resultIn(host, await endpointOf(capability), '1')).toMatchObject({
      kind: 'refused',
      code: 'session-refused',
      detail: expect.stringContaining("'ADSync'"),
    });
  });

  it('is refused where the list takes PowerShell itself for a module', async () => {
    const qualified = capability.replace("'Set-StrictMode'", "'Microsoft.PowerShell.Core\\Set-StrictMode'");
    expect(qualified).not.toBe(capability);
    expect(await resultIn(host, await endpointOf(qualified, variables), '1')).toMatchObject({
      kind: 'refused',
      code: 'session-refused',
      detail: expect.stringContaining("'Microsoft.PowerShell.Core'"),
    });
  });
});
