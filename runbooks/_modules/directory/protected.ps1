<#
.SYNOPSIS
Accounts that nothing here may touch: administrators, members of privileged groups, Protected Users.
#>
function Test-ProtectedEntry {
    # By its own marks: adminCount, isCriticalSystemObject, a privileged primary group. The entry must hold those attributes.
    param([hashtable]$Entry)
    foreach ($flag in @(Get-DirectoryValue -Entry $Entry -Name 'adminCount') + @(Get-DirectoryValue -Entry $Entry -Name 'isCriticalSystemObject')) {
        if ([string]::Equals($flag, 'TRUE') -or (-not [string]::Equals($flag, 'FALSE') -and -not [string]::Equals($flag, '0'))) { return $true }
    }
    foreach ($group in @(Get-DirectoryValue -Entry $Entry -Name 'primaryGroupID')) {
        if (@(Get-PrivilegedRelativeId).Contains([int]$group)) { return $true }
    }
    $false
}

function Get-PrivilegedRelativeId {
    # Domain Admins, Domain Controllers, Schema Admins, Enterprise Admins, Group Policy Creator Owners, Read-only Domain Controllers,
    # Protected Users, Key Admins, Enterprise Key Admins.
    512
    516
    518
    519
    520
    521
    525
    526
    527
}

function Find-PrivilegedAccount {
    # The objectGUIDs of all users who are in such a group, directly or through another. Not every directory marks them by adminCount,
    # and Protected Users never are.
    param([object]$Ldap, [string]$Base)
    $domain = @(Find-DirectoryEntry -Ldap $Ldap -Base $Base -Filter '(objectClass=*)' -Scope 'Base' -Attributes @('objectSid'))[0]['objectsid'][0]
    $sids = ''
    foreach ($id in @(Get-PrivilegedRelativeId)) { $sids += "(objectSid=$domain-$id)" }
    # Administrators, Account, Server, Print and Backup Operators, Replicator.
    foreach ($id in 544, 548, 549, 550, 551, 552) { $sids += "(objectSid=S-1-5-32-$id)" }
    $chain = ''
    foreach ($group in @(Find-DirectoryEntry -Ldap $Ldap -Base $Base -Filter "(&(objectClass=group)(|$sids))" -Scope 'Subtree' -Attributes @('objectGUID'))) {
        $chain += '(memberOf:1.2.840.113556.1.4.1941:=' + (ConvertTo-LdapValue -Value $group['dn']) + ')'
    }
    if ($chain.Length -eq 0) { return }
    foreach ($member in @(Find-DirectoryEntry -Ldap $Ldap -Base $Base -Filter "(&(objectClass=user)(memberOf=*)(|$chain))" -Scope 'Subtree' -Attributes @('objectGUID'))) { $member['objectguid'][0] }
}
