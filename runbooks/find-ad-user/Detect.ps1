<#
.SYNOPSIS
Searches the users of the directory; at most 20 are returned.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [pscredential]$Credential, [object]$Connection)

$most = 20
$text = $Parameters.text
if ($text -cmatch '\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z') {
    $filter = '(objectGUID=' + (ConvertTo-LdapGuid -Guid $text) + ')'
} else {
    # Each word is part of at least one of them; what was typed is escaped, so that a wildcard in it is a character.
    $filter = ''
    foreach ($word in $text.Split([char[]]@(' ', "`t", "`r", "`n"))) {
        if ($word.Length -eq 0) { continue }
        $part = ConvertTo-LdapValue -Value $word
        $filter += "(|(displayName=*$part*)(cn=*$part*)(givenName=*$part*)(sn=*$part*)(sAMAccountName=*$part*)(userPrincipalName=*$part*)(mail=*$part*))"
    }
    if ($filter.Length -eq 0) { throw 'invalid-value' }
}
$read = @('objectGUID', 'displayName', 'cn', 'sAMAccountName', 'userPrincipalName', 'mail', 'department', 'title', 'userAccountControl')
$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    $base = (Get-DirectoryRoot -Ldap $ldap)['defaultnamingcontext'][0]
    $found = @(Find-DirectoryEntry -Ldap $ldap -Base $base -Filter "(&(objectCategory=person)(objectClass=user)$filter)" -Scope 'Subtree' -Attributes $read -Most ($most + 1))
} finally {
    $ldap.Dispose()
}

$users = @{}
$order = [System.Collections.Generic.List[string]]::new()
foreach ($entry in $found) {
    if ($users.Count -ge $most) { break }
    $user = [ordered]@{ objectGuid = $entry['objectguid'][0]; dn = $entry['dn']; name = Get-DirectoryName -Entry $entry }
    foreach ($value in @(Get-DirectoryValue -Entry $entry -Name 'sAMAccountName')) { $user['account'] = $value }
    foreach ($name in 'userPrincipalName', 'mail', 'department', 'title') {
        foreach ($value in @(Get-DirectoryValue -Entry $entry -Name $name)) { $user[$name] = $value }
    }
    $user['accountEnabled'] = $false
    foreach ($enabled in @(Get-AccountEnabled -Entry $entry)) { $user['accountEnabled'] = $enabled }
    $key = $user['name'] + "`0" + $user['objectGuid']
    $users[$key] = $user
    $order.Add($key)
}
$order.Sort([StringComparer]::OrdinalIgnoreCase)
[ordered]@{
    finding = 'absent'
    more    = $found.Length -gt $most
    users   = @(foreach ($key in $order) { $users[$key] })
}
