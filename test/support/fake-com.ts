import type { Value } from '../../src/domain/canonical.js';
import type { PowerShellHost } from '../../src/ports/powershell-host.js';
import type { SchedulerUnderTest } from '../contracts/task-scheduler.contract.js';
import { REAL_SCHEDULER, run, scriptOf } from './user-session.js';

/**
 * DOUBLE of the COM objects `Schedule.Service` and `WbemScripting.SWbemLocator`, as their documentation has them: it keeps what the
 * real module calls, in PowerShell objects with the same members. Wine's own cannot be called late bound (GetIDsOfNames answers
 * E_NOTIMPL), so nothing independent is at hand.
 */
const FAKE = `
function Add-FakeMethod($Object, $Name, $Body) { $Object.PSObject.Methods.Add([System.Management.Automation.PSScriptMethod]::new($Name, $Body)) }
function Stop-Fake([int]$Number) { throw [System.Runtime.InteropServices.COMException]::new('localized words', $Number) }
function New-FakeTask($Definition, $Name) {
    $task = [pscustomobject]@{ State = 3; LastTaskResult = 267011; Definition = $Definition; Name = $Name }
    Add-FakeMethod $task 'RunEx' {
        param($Parameters, $Flags, $Session, $User)
        if ($null -ne $Parameters -or $Flags -ne 4 -or $null -ne $User) { Stop-Fake -2147024809 }
        if ($this.State -eq 4) { Stop-Fake -2147216609 }
        if (@($global:world.sessions | Where-Object { $_.sid -eq $this.Definition.Principal.UserId -and $_.session -eq $Session }).Count -eq 0) { Stop-Fake -2147216608 }
        $this.State = 4
        $this.LastTaskResult = 267009
        $null = $global:world.started.Add($Session)
        $this
    }
    Add-FakeMethod $task 'Stop' { param($Flags) $this.State = 3; $this.LastTaskResult = 267014 }
    $task
}
function New-FakeService {
    $folder = [pscustomobject]@{ Path = '\\' }
    Add-FakeMethod $folder 'GetTask' { param($Name) if (-not $global:world.tasks.Contains($Name)) { Stop-Fake -2147024894 }; $global:world.tasks[$Name] }
    Add-FakeMethod $folder 'DeleteTask' { param($Name, $Flags) if (-not $global:world.tasks.Contains($Name)) { Stop-Fake -2147024894 }; $global:world.tasks.Remove($Name) }
    Add-FakeMethod $folder 'RegisterTaskDefinition' {
        param($Name, $Definition, $Flags, $UserId, $Password, $LogonType, $Sddl)
        if ($Flags -ne 2 -or $null -ne $UserId -or $null -ne $Password -or $LogonType -ne 3) { Stop-Fake -2147024809 }
        if ($global:world.tasks.Contains($Name)) { Stop-Fake -2147024713 }
        $global:world.sddl = $Sddl
        $global:world.tasks[$Name] = New-FakeTask $Definition $Name
        $global:world.tasks[$Name]
    }
    $service = [pscustomobject]@{ Folder = $folder }
    Add-FakeMethod $service 'GetFolder' { param($Path) if ($Path -cne '\\') { Stop-Fake -2147024894 }; $this.Folder }
    Add-FakeMethod $service 'NewTask' {
        param($Flags)
        $actions = [pscustomobject]@{ List = [System.Collections.ArrayList]::new() }
        Add-FakeMethod $actions 'Create' { param($Kind) $a = [pscustomobject]@{ Kind = $Kind; Path = ''; Arguments = '' }; $null = $this.List.Add($a); $a }
        [pscustomobject]@{
            RegistrationInfo = [pscustomobject]@{ Description = '' }
            Principal        = [pscustomobject]@{ UserId = ''; LogonType = 0; RunLevel = 1 }
            Settings         = [pscustomobject]@{ AllowDemandStart = $true; Hidden = $false; MultipleInstances = 0; DisallowStartIfOnBatteries = $true; StopIfGoingOnBatteries = $true; ExecutionTimeLimit = 'PT72H' }
            Triggers         = @()
            Actions          = $actions
        }
    }
    $service
}
function Get-TaskService { New-FakeService }
function New-FakeProperties($Values) {
    $properties = [pscustomobject]@{ Values = $Values }
    Add-FakeMethod $properties 'Item' { param($Name) [pscustomobject]@{ Value = $this.Values[$Name] } }
    $properties
}
function Get-ManagementService {
    $service = [pscustomobject]@{}
    Add-FakeMethod $service 'ExecQuery' {
        param($Query)
        if ($Query -cne "SELECT * FROM Win32_Process WHERE Name = 'explorer.exe'") { Stop-Fake -2147217385 }
        if ($global:world.unknown) { Stop-Fake -2147217405 }
        foreach ($one in @($global:world.sessions) + @([pscustomobject]@{ sid = 'gone'; session = 9 })) {
            $process = [pscustomobject]@{ Sid = $one.sid; Properties_ = (New-FakeProperties @{ SessionId = [uint32]$one.session }) }
            Add-FakeMethod $process 'ExecMethod_' {
                param($Name)
                if ($Name -cne 'GetOwnerSid') { Stop-Fake -2147217407 }
                if ($this.Sid -eq 'gone') { Stop-Fake -2147217406 }
                [pscustomobject]@{ Properties_ = (New-FakeProperties @{ Sid = $this.Sid; ReturnValue = 0 }) }
            }
            $process
        }
    }
    $service
}
`;
const START = `$global:world = [pscustomobject]@{ sessions = @(); unknown = $false; started = [System.Collections.ArrayList]::new(); tasks = @{}; sddl = '' }`;

/** The real module over the COM double. `inspect` reads what it registered, member by member. */
export async function theRealModuleOnFakeCom(
  host: PowerShellHost,
): Promise<SchedulerUnderTest & { inspect(): Promise<readonly Value[]> }> {
  const opened = await host.open({ kind: 'local' });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const session = opened.value;
  const modules = [REAL_SCHEDULER, scriptOf('_modules/fake-com.ps1', FAKE)];
  const say = async (text: string, parameters: Record<string, Value> = {}) => {
    const names = Object.keys(parameters).map((name) => `$${name}`);
    const script = scriptOf('world', `[CmdletBinding()] param(${names.join(', ')})\n${text}`);
    const { output, code, records } = await run(session, { script, modules, parameters });
    if (output === undefined) throw new Error(`${code}: ${JSON.stringify(records)}`);
    return output;
  };
  await say(START);
  return {
    session,
    modules,
    async logOn(sessions) {
      const known =
        sessions === 'unknown' ? [] : sessions.map(({ sid, session: number }) => ({ sid, session: number }));
      await say('$global:world.sessions = $Now.sessions; $global:world.unknown = $Now.unknown', {
        Now: { sessions: known, unknown: sessions === 'unknown' },
      });
    },
    async finish(exitCode) {
      await say(
        'foreach ($task in $global:world.tasks.Values) { if ($task.State -eq 4) { $task.State = 3; $task.LastTaskResult = [int]$Code } }',
        { Code: exitCode },
      );
    },
    startedIn: async () => (await say('foreach ($one in $global:world.started) { $one }')) as readonly number[],
    inspect: () =>
      say(`foreach ($task in $global:world.tasks.Values) {
  $d = $task.Definition
  [ordered]@{ principal = $d.Principal; settings = $d.Settings; triggers = $d.Triggers.Count; actions = $d.Actions.List; sddl = $global:world.sddl }
}`),
    stop: () => session.close(),
  };
}
