<#
.SYNOPSIS
Gives one file its name back. A file that has taken its place is drift.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)
$from = [IO.Path]::Combine($Parameters.folder, $Change.after)
$to = [IO.Path]::Combine($Parameters.folder, $Change.before)
if (Move-Leaf -From $from -To $to) { return [ordered]@{ outcome = 'changed' } }
[ordered]@{ outcome = 'noop' }
