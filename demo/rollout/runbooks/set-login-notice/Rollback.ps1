<#
.SYNOPSIS
Puts the notice of before back.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)
$path = $Change.resource.Substring(5)
$now = $null
if ([IO.File]::Exists($path)) { $now = [IO.File]::ReadAllText($path) }
if ([string]::Equals($now, $Change.before)) { return [ordered]@{ outcome = 'noop' } }
if (-not [string]::Equals($now, $Change.after)) { throw 'state-drift' }
if ($null -eq $Change.before) { [IO.File]::Delete($path) } else { [IO.File]::WriteAllText($path, $Change.before) }
[ordered]@{ outcome = 'changed' }
