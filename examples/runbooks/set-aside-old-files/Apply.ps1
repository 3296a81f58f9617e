<#
.SYNOPSIS
Renames one file where it is.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)
$from = [IO.Path]::Combine($Parameters.folder, $Change.before)
$to = [IO.Path]::Combine($Parameters.folder, $Change.after)
if (Move-Leaf -From $from -To $to) { return [ordered]@{ outcome = 'changed' } }
[ordered]@{ outcome = 'noop' }
