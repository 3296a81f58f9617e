<#
.SYNOPSIS
Deletes one certificate from the user's personal store and keeps its public part for the record.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)

$sid = Assert-OwnSession -UserSid $Parameters.userSid
$root = 'cert:' + $sid + '/CurrentUser/My/'
if (-not $Change.resource.StartsWith($root, 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
$thumbprint = $Change.resource.Substring($root.Length)
if ($thumbprint -cnotmatch '\A[0-9A-F]{40}\z') { throw 'invalid-value' }
$api = Get-StoreApi
foreach ($certificate in @(Read-UserCertificate -Api $api)) {
    if (-not [string]::Equals($certificate.thumbprint, $thumbprint, 'OrdinalIgnoreCase')) { continue }
    # The grant names a thumbprint; it is still only ever one of this issuer that goes.
    if (-not [string]::Equals($certificate.issuer, 'CN=Communications Server', 'Ordinal')) { throw 'state-drift' }
}
$PSCmdlet.WriteVerbose('deleting certificate ' + $thumbprint)
$public = Remove-UserCertificate -Api $api -Thumbprint $thumbprint
if ($null -eq $public) { return [ordered]@{ outcome = 'noop' } }
[ordered]@{ outcome = 'changed'; backupRef = $public }
