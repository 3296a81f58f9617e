<#
.SYNOPSIS
Writes the notice, if it still says what the plan saw.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)
$path = $Change.resource.Substring(5)
$now = $null
if ([IO.File]::Exists($path)) { $now = [IO.File]::ReadAllText($path) }
if ([string]::Equals($now, $Change.after)) { return [ordered]@{ outcome = 'noop' } }
if (-not [string]::Equals($now, $Change.before)) { throw 'state-drift' }
[IO.File]::WriteAllText($path, $Change.after)
[ordered]@{ outcome = 'changed' }
