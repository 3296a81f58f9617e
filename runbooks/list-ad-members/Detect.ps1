<#
.SYNOPSIS
Lists the users who are members of a group, through other groups too; at most 500 are returned.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [pscredential]$Credential, [object]$Connection)

$most = 500
$text = $Parameters.group
if ($text -cmatch '\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z') {
    $which = '(objectGUID=' + (ConvertTo-LdapGuid -Guid $text) + ')'
} else {
    $which = '(sAMAccountName=' + (ConvertTo-LdapValue -Value $text) + ')'
}
$read = @('objectGUID', 'displayName', 'cn', 'sAMAccountName', 'userAccountControl')
$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    $base = (Get-DirectoryRoot -Ldap $ldap)['defaultnamingcontext'][0]
    $groups = @(Find-DirectoryEntry -Ldap $ldap -Base $base -Filter "(&(objectCategory=group)$which)" -Scope 'Subtree' -Attributes @('objectSid', 'cn', 'displayName') -Most 2)
    if ($groups.Length -eq 0) { throw 'target-not-found' }
    if ($groups.Length -gt 1) { throw 'target-ambiguous' }
    $group = $groups[0]
    # The rule follows groups in groups. A primary group is a number of the user instead, which no group lists.
    $dn = ConvertTo-LdapValue -Value $group['dn']
    $sid = $group['objectsid'][0]
    $number = $sid.Substring($sid.LastIndexOf('-', [StringComparison]::Ordinal) + 1)
    $filter = "(&(objectCategory=person)(objectClass=user)(|(memberOf:1.2.840.113556.1.4.1941:=$dn)(primaryGroupID=$number)))"
    $found = @(Find-DirectoryEntry -Ldap $ldap -Base $base -Filter $filter -Scope 'Subtree' -Attributes $read -Most ($most + 1))
} finally {
    $ldap.Dispose()
}

$users = @{}
$order = [System.Collections.Generic.List[string]]::new()
foreach ($entry in $found) {
    if ($users.Count -ge $most) { break }
    $user = [ordered]@{ objectGuid = $entry['objectguid'][0]; name = Get-DirectoryName -Entry $entry }
    foreach ($value in @(Get-DirectoryValue -Entry $entry -Name 'sAMAccountName')) { $user['account'] = $value }
    $user['accountEnabled'] = $false
    foreach ($enabled in @(Get-AccountEnabled -Entry $entry)) { $user['accountEnabled'] = $enabled }
    $key = $user['name'] + "`0" + $user['objectGuid']
    $users[$key] = $user
    $order.Add($key)
}
$order.Sort([StringComparer]::OrdinalIgnoreCase)
[ordered]@{
    finding = 'absent'
    group   = Get-DirectoryName -Entry $group
    more    = $found.Length -gt $most
    users   = @(foreach ($key in $order) { $users[$key] })
}
