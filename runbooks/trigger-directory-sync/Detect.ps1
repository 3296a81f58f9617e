<#
.SYNOPSIS
Whether a synchronization cycle that began after the change has run, and carried the objects in question. Reads only.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)

$since = $Parameters.requestedAtTargetUtc
$wanted = @()
$given = $null
if ($null -ne $Parameters.PSObject.Properties['sinceUtc']) { $given = $Parameters.sinceUtc }
if ($null -ne $given) {
    # What lies ahead no cycle could ever satisfy.
    if ([string]::CompareOrdinal($given, [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [cultureinfo]::InvariantCulture)) -gt 0) { throw 'invalid-value' }
    $since = $given
}
if ($null -ne $Parameters.followedJob) {
    $changed = $Parameters.followedJob.lastChangedAtTargetUtc
    if ($null -eq $given -or [string]::CompareOrdinal($changed, $given) -gt 0) { $since = $changed }
    $wanted += @($Parameters.followedJob.objects)
}
if ($null -ne $Parameters.PSObject.Properties['changedObjects']) { $wanted += @($Parameters.changedObjects) }

$generation = Get-SyncGeneration
if ($null -eq $generation) { throw 'module-missing' }
$state = [ordered]@{
    finding      = 'not-applicable'
    generation   = $generation
    host         = [System.Environment]::MachineName
    sinceUtc     = $since
    runs         = @()
    objects      = @()
    exportErrors = 0
}
# The older products have no scheduler to ask and are started by hand.
if (-not [string]::Equals($generation, 'adsync')) { return $state }

$scheduler = Get-ADSyncScheduler
# On a staging server a cycle says Success and exports nothing: it is the wrong server.
if ($scheduler.StagingModeEnabled) { throw 'staging-server' }
if (-not $scheduler.SyncCycleEnabled) { throw 'sync-disabled' }
$busy = Test-SyncBusy -Scheduler $scheduler
$runs = @(Get-SyncRun)
$cycle = Get-SyncCycle -Runs $runs -Since $since

if ($busy -and $cycle.started) { throw 'sync-propagation' }
if ($busy) { throw 'sync-busy' }
if ($cycle.threshold) { throw 'export-threshold' }
if (-not $cycle.complete -and $scheduler.SchedulerSuspended) { throw 'scheduler-suspended' }

$tenant = $null
foreach ($run in $runs) { if ($run['connector'].EndsWith(' - AAD', [StringComparison]::OrdinalIgnoreCase)) { $tenant = $run['connector'] } }
$objects = @()
$seen = @{}
foreach ($guid in $wanted) {
    if ($seen.ContainsKey($guid)) { continue }
    $seen[$guid] = $true
    if ($null -ne $tenant) { $objects += Get-SyncedObject -Connector $tenant -ObjectGuid $guid } else { $objects += [ordered]@{ objectGuid = $guid } }
}
if ($cycle.complete) {
    foreach ($object in $objects) {
        if ($object.Contains('exportedUtc') -and [string]::CompareOrdinal($object['exportedUtc'], $since) -ge 0) { continue }
        $why = 'not exported yet'
        if ($object.Contains('error')) { $why = $object['error'] }
        Write-Warning "$($object['objectGuid']): $why"
        throw 'sync-propagation'
    }
    $state['finding'] = 'absent'
} else {
    $state['finding'] = 'present'
}
$state['runs'] = $runs
$state['objects'] = $objects
$state['exportErrors'] = $cycle.exportErrors
$state['scheduler'] = [ordered]@{
    syncCycleEnabled = [bool]$scheduler.SyncCycleEnabled
    stagingMode      = [bool]$scheduler.StagingModeEnabled
    suspended        = [bool]$scheduler.SchedulerSuspended
    inProgress       = [bool]$busy
    nextStartUtc     = ConvertTo-SyncUtc -Time $scheduler.NextSyncCycleStartTimeInUTC
    nextPolicy       = "$($scheduler.NextSyncCyclePolicyType)"
}
$state
