<#
.SYNOPSIS
Starts one synchronization cycle, unless one that counts has begun meanwhile.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)

$scheduler = Get-ADSyncScheduler
if ($scheduler.StagingModeEnabled) { throw 'staging-server' }
if (-not $scheduler.SyncCycleEnabled) { throw 'sync-disabled' }
if ((Get-SyncCycle -Runs @(Get-SyncRun) -Since $Change.after).started) { return [ordered]@{ outcome = 'noop' } }
if ($scheduler.SchedulerSuspended) { throw 'scheduler-suspended' }
if (Test-SyncBusy -Scheduler $scheduler) { throw 'sync-busy' }
$policy = 'Delta'
if ([string]::Equals($Change.action, 'start-initial')) { $policy = 'Initial' }
try {
    $started = Start-ADSyncSyncCycle -PolicyType $policy -ErrorAction Stop
} catch {
    $said = "$_"
    # What the scheduler shows goes before what the error says.
    if (Test-SyncBusy -Scheduler (Get-ADSyncScheduler)) { throw 'sync-busy' }
    if ($said.IndexOf('is busy', [StringComparison]::OrdinalIgnoreCase) -ge 0 -or $said.IndexOf('already in progress', [StringComparison]::OrdinalIgnoreCase) -ge 0) { throw 'sync-busy' }
    # The engine's own account cannot sign in without a person: trying again does not help.
    if ($said.IndexOf('modal dialog', [StringComparison]::OrdinalIgnoreCase) -ge 0) { throw 'sync-account-blocked' }
    throw
}
Write-Verbose "$($started.Result)"
# The answer comes at once; the cycle is called begun when its first import is seen, or when it is over already.
for ($i = 0; $i -lt 50; $i++) {
    if ((Get-SyncCycle -Runs @(Get-SyncRun) -Since $Change.after).started) { break }
    if (-not (Test-SyncBusy -Scheduler (Get-ADSyncScheduler))) { break }
    Start-Sleep -Milliseconds 200
}
[ordered]@{ outcome = 'changed' }
