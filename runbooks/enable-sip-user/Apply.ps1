<#
.SYNOPSIS
Applies one user's change in one modify, by compare-and-swap on the pinned server.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change, [pscredential]$Credential, [object]$Connection)

$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    $values = Get-SipChange -Ldap $ldap -Change $Change
    $outcome = Switch-DirectoryValue -Ldap $ldap -ObjectGuid $Change.resource.Substring(5) -From $values.before -To $values.after -Bytes $values.bytes -Address $values.address
} finally {
    $ldap.Dispose()
}
[ordered]@{ outcome = $outcome }
