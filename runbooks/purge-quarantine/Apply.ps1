<#
.SYNOPSIS
Removes one thing that was set aside, for good.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)

$null = Assert-OwnSession -UserSid $Parameters.userSid
if ($null -eq $Parameters.quarantine) { throw 'target-not-found' }
$known = $false
foreach ($path in $Parameters.quarantine.items) { if ([string]::Equals($Change.resource, $path, 'OrdinalIgnoreCase')) { $known = $true } }
if (-not $known) { throw 'path-outside-root' }
$root = [System.Environment]::GetFolderPath('UserProfile')
$item = Resolve-QuarantineItem -LiteralPath $Change.resource -OfJob $Parameters.ofJob -Root $root
$PSCmdlet.WriteVerbose('removing ' + $item)
if (Remove-Tree -LiteralPath $item) { return [ordered]@{ outcome = 'changed' } }
[ordered]@{ outcome = 'noop' }
