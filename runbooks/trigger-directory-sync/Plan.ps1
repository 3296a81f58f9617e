<#
.SYNOPSIS
At most one change: a cycle that began after the change in the directory. No time of a cycle is in it, for the scheduler moves those.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)

if (-not [string]::Equals($State.finding, 'present')) { return }
$action = 'start-delta'
if ([string]::Equals($Parameters.policyType, 'Initial')) { $action = 'start-initial' }
[ordered]@{
    resource = 'sync:' + $State.host
    property = 'cycleStartedSince'
    before   = $null
    after    = $State.sinceUtc
    action   = $action
}
