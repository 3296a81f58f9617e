# A DOUBLE of the ADSync module: names, parameters and properties after the product's documentation (some from memory, not observed).
# It talks to lab/sync/engine.py, whose address is in FIXPOINT_SYNC_URL.

function Invoke-SyncDouble {
    param([string]$Method, [string]$Path, [string]$Body = '{}')
    $client = [System.Net.Http.HttpClient]::new()
    try {
        $request = [System.Net.Http.HttpRequestMessage]::new($Method, $env:FIXPOINT_SYNC_URL + $Path)
        if ($Method -eq 'POST') { $request.Content = [System.Net.Http.StringContent]::new($Body, [System.Text.Encoding]::UTF8, 'application/json') }
        $response = $client.SendAsync($request).GetAwaiter().GetResult()
        $json = [System.Text.Json.Nodes.JsonNode]::Parse($response.Content.ReadAsStringAsync().GetAwaiter().GetResult())
        if (-not $response.IsSuccessStatusCode) { throw [System.InvalidOperationException]::new("System.InvalidOperationException: $json") }
        Write-Output -NoEnumerate $json
    } finally {
        $client.Dispose()
    }
}

function ConvertTo-SyncTime {
    param([object]$Node)
    if ($null -eq $Node) { return $null }
    [datetime]::Parse("$Node", [cultureinfo]::InvariantCulture, 'AdjustToUniversal')
}

function Get-ADSyncScheduler {
    [CmdletBinding()] param()
    $said = Invoke-SyncDouble -Method GET -Path '/scheduler'
    [pscustomobject]@{
        AllowedSyncCycleInterval            = [timespan]'00:30:00'
        CurrentlyEffectiveSyncCycleInterval = [timespan]'00:30:00'
        CustomizedSyncCycleInterval         = $null
        NextSyncCyclePolicyType             = "$($said['policy'])"
        NextSyncCycleStartTimeInUTC         = ConvertTo-SyncTime $said['next']
        PurgeRunHistoryInterval             = [timespan]'7.00:00:00'
        SyncCycleEnabled                    = [bool]::Parse("$($said['enabled'])")
        MaintenanceEnabled                  = $true
        StagingModeEnabled                  = [bool]::Parse("$($said['staging'])")
        SchedulerSuspended                  = [bool]::Parse("$($said['suspended'])")
        SyncCycleInProgress                 = [bool]::Parse("$($said['inCycle'])")
    }
}

function Set-ADSyncScheduler {
    [CmdletBinding()] param([bool]$SyncCycleEnabled, [bool]$SchedulerSuspended)
    $members = @()
    if ($PSBoundParameters.ContainsKey('SyncCycleEnabled')) { $members += '"enabled":' + "$SyncCycleEnabled".ToLowerInvariant() }
    if ($PSBoundParameters.ContainsKey('SchedulerSuspended')) { $members += '"suspended":' + "$SchedulerSuspended".ToLowerInvariant() }
    $null = Invoke-SyncDouble -Method POST -Path '/set' -Body ('{' + ($members -join ',') + '}')
}

function Get-ADSyncConnector {
    [CmdletBinding()] param()
    foreach ($name in (Invoke-SyncDouble -Method GET -Path '/connectors')) { [pscustomobject]@{ Name = "$name" } }
}

function Get-ADSyncConnectorRunStatus {
    [CmdletBinding()] param()
    foreach ($run in (Invoke-SyncDouble -Method GET -Path '/status')) {
        [pscustomobject]@{ RunState = "$($run['state'])"; ConnectorName = "$($run['connector'])" }
    }
}

function Get-ADSyncRunProfileResult {
    [CmdletBinding()] param([int]$NumberRequested = 100)
    $count = 0
    foreach ($run in (Invoke-SyncDouble -Method GET -Path '/runs')) {
        if ($count -ge $NumberRequested) { return }
        $count++
        [pscustomobject]@{
            ConnectorName  = "$($run['connector'])"
            RunProfileName = "$($run['profile'])"
            RunNumber      = [int]"$($run['number'])"
            StartDate      = ConvertTo-SyncTime $run['start']
            EndDate        = ConvertTo-SyncTime $run['end']
            Result         = "$($run['result'])"
        }
    }
}

function Start-ADSyncSyncCycle {
    [CmdletBinding()] param([ValidateSet('Delta', 'Initial')][string]$PolicyType = 'Delta')
    # At once, while the cycle runs on: as the product does.
    $said = Invoke-SyncDouble -Method POST -Path "/start?policy=$PolicyType"
    [pscustomobject]@{ Result = "$($said['result'])" }
}

function Get-ADSyncCSObject {
    # The object in the tenant's connector space is named by the hexadecimal text of its base64 source anchor.
    [CmdletBinding()] param([string]$ConnectorName, [string]$DistinguishedName)
    if ($DistinguishedName -notmatch '\ACN=\{([0-9a-f]+)\}\z') { throw [System.ArgumentException]::new('not a name of this connector space') }
    $anchor = [System.Text.Encoding]::ASCII.GetString([Convert]::FromHexString($Matches[1]))
    $guid = [guid]::new([Convert]::FromBase64String($anchor))
    $said = Invoke-SyncDouble -Method GET -Path "/object?guid=$guid"
    if ($null -eq $said) { return }
    [pscustomobject]@{
        ConnectorName       = $ConnectorName
        DistinguishedName   = $DistinguishedName
        LastExportDeltaTime = ConvertTo-SyncTime $said['exported']
        ExportError         = $(if ($null -ne $said['error']) { "$($said['error'])" })
    }
}
