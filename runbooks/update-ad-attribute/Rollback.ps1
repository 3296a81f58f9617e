<#
.SYNOPSIS
Puts back one change by compare-and-swap on the pinned server.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change, [pscredential]$Credential, [object]$Connection)

$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    $PSCmdlet.WriteVerbose("restoring $($Change.property) of $($Change.resource) on $($Parameters.server)")
    $outcome = Switch-DirectoryAttribute -Ldap $ldap -Change $Change -Before $Change.after -After $Change.before
} finally {
    $ldap.Dispose()
}
[ordered]@{ outcome = $outcome }
