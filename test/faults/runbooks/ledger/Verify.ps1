<#
.SYNOPSIS
Proves unless a file says that the proof is not there yet.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)
$missing = [IO.File]::Exists([IO.Path]::Combine($Parameters.directory, 'unproven-' + $Parameters.jobId))
[ordered]@{ proven = -not $missing; code = 'ad-replication'; evidence = @() }
