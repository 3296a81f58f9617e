<#
.SYNOPSIS
Ends one process: politely, then by force.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)
$parts = $Change.resource.Split([char]':')
$outcome = Stop-UnixProcess -Id ([int]$parts[1]) -StartTicks $parts[2] -Signal TERM -WaitSeconds 10
if ([string]::Equals($outcome, 'running', 'Ordinal')) {
    $outcome = Stop-UnixProcess -Id ([int]$parts[1]) -StartTicks $parts[2] -Signal KILL -WaitSeconds 10
}
if ([string]::Equals($outcome, 'denied', 'Ordinal')) { throw 'access-denied' }
if ([string]::Equals($outcome, 'gone', 'Ordinal')) { return [ordered]@{ outcome = 'noop' } }
# A process that waits for a broken disk does not even end by force. The job is then checked, and needs a person.
if (-not [string]::Equals($outcome, 'ended', 'Ordinal')) { Write-Error 'the process did not end' }
[ordered]@{ outcome = 'changed' }
