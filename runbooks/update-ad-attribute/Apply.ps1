<#
.SYNOPSIS
Applies one change by compare-and-swap on the pinned server.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change, [pscredential]$Credential, [object]$Connection)

$guid = $Change.resource.Substring(5)
$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    $found = @(Find-DirectoryEntry -Ldap $ldap -Base ('<GUID=' + $guid + '>') -Filter '(objectClass=*)' -Scope 'Base' -Attributes @('allowedAttributesEffective', $Change.property))
    if ($found.Length -ne 1) { throw 'target-not-found' }
    $values = @(Get-DirectoryValue -Entry $found[0] -Name $Change.property)
    $hasOld = $null -eq $Change.before
    $hasNew = $null -eq $Change.after
    foreach ($value in $values) {
        if ([string]::Equals($value, $Change.before)) { $hasOld = $true }
        if ([string]::Equals($value, $Change.after)) { $hasNew = $true }
    }
    $single = $Change.action.StartsWith('set-', 'Ordinal')
    if ($single -and $values.Length -gt 0) {
        if ($null -eq $Change.before) { $hasOld = $false }
        if ($null -eq $Change.after) { $hasNew = $false }
    }
    # A value that is only taken away is done when it is gone; one that is only added, when it is there.
    if (-not $single -and $null -eq $Change.after) {
        $hasNew = -not $hasOld
        $hasOld = -not $hasNew
    }
    if ($hasNew) { return [ordered]@{ outcome = 'noop' } }
    if (-not $hasOld) { throw 'state-drift' }
    $mayWrite = $false
    foreach ($name in @(Get-DirectoryValue -Entry $found[0] -Name 'allowedAttributesEffective')) {
        if ([string]::Equals($name, $Change.property, 'OrdinalIgnoreCase')) { $mayWrite = $true }
    }
    if (-not $mayWrite) { throw 'access-denied' }
    $PSCmdlet.WriteVerbose("modifying $($Change.property) of $guid on $($Parameters.server)")
    Assert-DirectoryResult -Result (Set-DirectoryValue -Ldap $ldap -ObjectGuid $guid -Attribute $Change.property -Before $Change.before -After $Change.after)
} finally {
    $ldap.Dispose()
}
[ordered]@{ outcome = 'changed' }
