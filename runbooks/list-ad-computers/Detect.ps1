<#
.SYNOPSIS
Lists the computers below an organizational unit; at most 500 are returned.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [pscredential]$Credential, [object]$Connection)

$most = 500
$enabled = '(!(userAccountControl:1.2.840.113556.1.4.803:=2))'
if ($null -ne $Parameters.PSObject.Properties['includeDisabled'] -and $Parameters.includeDisabled) { $enabled = '' }
$names = ''
if ($null -ne $Parameters.PSObject.Properties['namesBeginWith']) { $names = '(cn=' + (ConvertTo-LdapValue -Value $Parameters.namesBeginWith) + '*)' }
$read = @('objectGUID', 'cn', 'dNSHostName', 'operatingSystem', 'userAccountControl')
$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    try {
        $found = @(Find-DirectoryEntry -Ldap $ldap -Base $Parameters.under -Filter "(&(objectCategory=computer)$enabled$names)" -Scope 'Subtree' -Attributes $read -Most ($most + 1))
    } catch {
        $result = Get-DirectoryError -Record $_
        if ([string]::Equals($result, 'NoSuchObject') -or [string]::Equals($result, 'InvalidDNSyntax') -or [string]::Equals($result, 'Referral')) { throw 'target-not-found' }
        throw
    }
} finally {
    $ldap.Dispose()
}

$computers = @{}
$order = [System.Collections.Generic.List[string]]::new()
foreach ($entry in $found) {
    if ($computers.Count -ge $most) { break }
    $computer = [ordered]@{ objectGuid = $entry['objectguid'][0]; name = $entry['cn'][0] }
    foreach ($value in @(Get-DirectoryValue -Entry $entry -Name 'dNSHostName')) { $computer['host'] = $value }
    foreach ($value in @(Get-DirectoryValue -Entry $entry -Name 'operatingSystem')) { $computer['operatingSystem'] = $value }
    $computer['accountEnabled'] = $false
    $computer['domainController'] = $false
    foreach ($flags in @(Get-DirectoryValue -Entry $entry -Name 'userAccountControl')) {
        $computer['accountEnabled'] = ([int]$flags -band 2) -eq 0
        # SERVER_TRUST_ACCOUNT, or PARTIAL_SECRETS_ACCOUNT of a read-only one.
        $computer['domainController'] = ([int]$flags -band 67117056) -ne 0
    }
    $key = $computer['name'] + "`0" + $computer['objectGuid']
    $computers[$key] = $computer
    $order.Add($key)
}
$order.Sort([StringComparer]::OrdinalIgnoreCase)
[ordered]@{
    finding   = 'absent'
    more      = $found.Length -gt $most
    computers = @(foreach ($key in $order) { $computers[$key] })
}
