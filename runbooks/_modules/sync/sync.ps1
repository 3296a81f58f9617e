<#
.SYNOPSIS
What a directory synchronization host says of itself: which product, which runs, which cycles.
#>
function Get-SyncGeneration {
    # By the commands and programs that are there; nothing where the host synchronizes no directory.
    if ($null -ne (Get-Command -Name 'Get-ADSyncScheduler' -ErrorAction SilentlyContinue)) { return 'adsync' }
    if ($null -ne (Get-Command -Name 'Start-OnlineCoexistenceSync' -ErrorAction SilentlyContinue)) { return 'dirsync' }
    $programs = "$($env:ProgramFiles)"
    if ($programs.Length -eq 0) { return }
    $places = @(
        @{ at = [System.IO.Path]::Combine($programs, 'Windows Azure Active Directory Sync', 'DirSyncConfigShell.psc1'); is = 'dirsync-old' }
        @{ at = [System.IO.Path]::Combine($programs, 'Microsoft Online Directory Sync', 'DirSyncConfigShell.psc1'); is = 'dirsync-old' }
        @{ at = [System.IO.Path]::Combine($programs, 'Microsoft Azure AD Sync', 'Bin', 'DirectorySyncClientCmd.exe'); is = 'aadsync' }
        @{ at = [System.IO.Path]::Combine($programs, 'Microsoft Azure AD Connect Provisioning Agent', 'AADConnectProvisioningAgent.exe'); is = 'cloud-sync' }
    )
    foreach ($place in $places) { if ([System.IO.File]::Exists($place.at)) { return $place.is } }
}

function ConvertTo-SyncUtc {
    # The product gives times in UTC without saying so.
    param([object]$Time)
    if ($null -eq $Time) { return }
    $at = [datetime]$Time
    if ($at.Kind -eq 'Local') { $at = $at.ToUniversalTime() }
    $at.ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [cultureinfo]::InvariantCulture)
}

function Test-SyncBusy {
    # The status of the connectors is empty between two steps; not every build has SyncCycleInProgress.
    param([object]$Scheduler)
    if ($null -ne $Scheduler.PSObject.Properties['SyncCycleInProgress'] -and $Scheduler.SyncCycleInProgress) { return $true }
    @(Get-ADSyncConnectorRunStatus).Length -gt 0
}

function Get-SyncConnector {
    # The names of the connectors that exist now, as the keys of a table. Null where the product has no command for it.
    if ($null -eq (Get-Command -Name 'Get-ADSyncConnector' -ErrorAction SilentlyContinue)) { return $null }
    $names = @{}
    foreach ($connector in @(Get-ADSyncConnector)) { $names["$($connector.Name)"] = $true }
    $names
}

function Get-SyncRun {
    # The last runs of the connectors that exist, oldest first; only imports, synchronizations and exports. The run history keeps the runs
    # of a connector that was removed, and no cycle will ever run that one again.
    $byKey = @{}
    $existing = Get-SyncConnector
    foreach ($run in @(Get-ADSyncRunProfileResult)) {
        $kind = $null
        $name = "$($run.RunProfileName)"
        if ($name.EndsWith('Import', [StringComparison]::OrdinalIgnoreCase)) { $kind = 'import' }
        if ($name.EndsWith('Synchronization', [StringComparison]::OrdinalIgnoreCase)) { $kind = 'sync' }
        if ($name.EndsWith('Export', [StringComparison]::OrdinalIgnoreCase)) { $kind = 'export' }
        if ($null -ne $existing -and -not $existing.ContainsKey("$($run.ConnectorName)")) { continue }
        if ($null -eq $kind -or $null -eq $run.StartDate -or $byKey.Count -ge 100) { continue }
        $one = [ordered]@{ connector = "$($run.ConnectorName)"; profile = $kind; startedUtc = ConvertTo-SyncUtc -Time $run.StartDate; result = "$($run.Result)" }
        $ended = ConvertTo-SyncUtc -Time $run.EndDate
        if ($null -ne $ended) { $one['endedUtc'] = $ended }
        $byKey[$one['startedUtc'] + ' ' + ([long]$run.RunNumber).ToString('d19', [cultureinfo]::InvariantCulture)] = $one
    }
    $order = [string[]]@($byKey.Keys)
    [array]::Sort($order, [StringComparer]::Ordinal)
    foreach ($key in $order) { $byKey[$key] }
}

function Get-SyncCycle {
    # Judges the last cycle against a moment. A cycle begins with the first import after another kind of run; one that began earlier
    # may have read the directory before the change, so it does not count, whatever it did later.
    param([object[]]$Runs, [string]$Since)
    $began = $null
    $last = @()
    $connectors = @{}
    $before = $null
    foreach ($run in $Runs) {
        $connectors[$run['connector']] = $true
        if ([string]::Equals($run['profile'], 'import') -and -not [string]::Equals($before, 'import')) {
            $began = $run['startedUtc']
            $last = @()
        }
        $last += $run
        $before = $run['profile']
    }
    $started = $null -ne $began -and [string]::CompareOrdinal($began, $Since) -ge 0
    $complete = $started
    $threshold = $false
    $errors = 0
    foreach ($connector in $connectors.Keys) {
        foreach ($kind in 'import', 'sync', 'export') {
            $fine = $false
            foreach ($run in $last) {
                if (-not [string]::Equals($run['connector'], $connector) -or -not [string]::Equals($run['profile'], $kind)) { continue }
                $ended = $run.Contains('endedUtc')
                if ($ended -and ([string]::Equals($run['result'], 'success') -or $run['result'].StartsWith('completed-', [StringComparison]::Ordinal))) { $fine = $true }
                if ([string]::Equals($run['result'], 'completed-export-errors')) { $errors++ }
                if ([string]::Equals($run['result'], 'stopped-deletion-threshold-exceeded')) { $threshold = $true }
            }
            if (-not $fine) { $complete = $false }
        }
    }
    @{ started = $started; complete = $complete; threshold = $threshold; exportErrors = $errors }
}

function Get-SyncedObject {
    # When one object was last exported to the tenant. Its name there is the hexadecimal text of the base64 of its objectGUID.
    param([string]$Connector, [string]$ObjectGuid)
    $anchor = [Convert]::ToBase64String(([guid]$ObjectGuid).ToByteArray())
    $name = -join @(foreach ($byte in [System.Text.Encoding]::ASCII.GetBytes($anchor)) { $byte.ToString('x2', [cultureinfo]::InvariantCulture) })
    $said = [ordered]@{ objectGuid = $ObjectGuid }
    foreach ($object in @(Get-ADSyncCSObject -ConnectorName $Connector -DistinguishedName ('CN={' + $name + '}'))) {
        $exported = ConvertTo-SyncUtc -Time $object.LastExportDeltaTime
        if ($null -ne $exported) { $said['exportedUtc'] = $exported }
        if ($null -ne $object.ExportError) { $said['error'] = "$($object.ExportError)" }
    }
    $said
}
