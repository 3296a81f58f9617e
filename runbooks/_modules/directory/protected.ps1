<#
.SYNOPSIS
Accounts that nothing here may touch: administrators, members of privileged groups in any way, Protected Users.
#>
function Get-ProtectionAttribute {
    # What an entry must hold to be judged.
    'objectGUID'
    'objectSid'
    'sIDHistory'
    'primaryGroupID'
    'adminCount'
    'isCriticalSystemObject'
    'userAccountControl'
}

function Get-AccountEnabled {
    # Whether the account is enabled; nothing for an object that is no account.
    param([hashtable]$Entry)
    foreach ($flags in @(Get-DirectoryValue -Entry $Entry -Name 'userAccountControl')) { ([int]$flags -band 2) -eq 0 }
}

function Test-PrivilegedSid {
    # Groups by their fixed ids, in any domain: Administrators, Account, Server, Print and Backup Operators, Replicator, Incoming Forest
    # Trust Builders, Hyper-V Administrators; Enterprise Read-only Domain Controllers, Domain Admins, Domain Controllers, Cert Publishers,
    # Schema Admins, Enterprise Admins, Group Policy Creator Owners, Read-only Domain Controllers, Protected Users, Key Admins, Enterprise
    # Key Admins. Accounts: the built-in administrator and krbtgt.
    param([string]$Sid)
    $Sid -cmatch '\AS-1-5-32-(544|548|549|550|551|552|557|578)\z' -or $Sid -cmatch '\AS-1-5-21-[0-9]+-[0-9]+-[0-9]+-(498|500|502|512|516|517|518|519|520|521|525|526|527)\z'
}

function Find-ProtectedAccount {
    # The objectGUIDs of those entries that are protected: by their own marks, by the groups in their token, or by membership as the
    # directory records it. The token has every group that counts, nested, primary and from a SID history, but not every account may read it;
    # adminCount is only a trace that not every directory leaves, and Protected Users never have it.
    param([object]$Ldap, [hashtable]$Root, [object[]]$Entries)
    foreach ($entry in $Entries) { if (Test-ProtectedEntry -Ldap $Ldap -Entry $entry) { $entry['objectguid'][0] } }
    Find-PrivilegedMember -Ldap $Ldap -Base $Root['defaultnamingcontext'][0] -Entries $Entries
}

function Test-ProtectedEntry {
    # By the entry itself and by its token.
    param([object]$Ldap, [hashtable]$Entry)
    foreach ($flag in @(Get-DirectoryValue -Entry $Entry -Name 'adminCount') + @(Get-DirectoryValue -Entry $Entry -Name 'isCriticalSystemObject')) {
        if ([string]::Equals($flag, 'TRUE') -or (-not [string]::Equals($flag, 'FALSE') -and -not [string]::Equals($flag, '0'))) { return $true }
    }
    $own = @(Get-DirectoryValue -Entry $Entry -Name 'objectSid')
    if ($own.Length -eq 0) { return $false }
    $sids = $own + @(Get-DirectoryValue -Entry $Entry -Name 'sIDHistory')
    foreach ($group in @(Get-DirectoryValue -Entry $Entry -Name 'primaryGroupID')) { $sids += $own[0].Substring(0, $own[0].LastIndexOf([char]'-') + 1) + $group }
    foreach ($token in @(Find-DirectoryEntry -Ldap $Ldap -Base ('<GUID=' + $Entry['objectguid'][0] + '>') -Filter '(objectClass=*)' -Scope 'Base' -Attributes @('tokenGroups'))) {
        $sids += @(Get-DirectoryValue -Entry $token -Name 'tokenGroups')
    }
    foreach ($sid in $sids) { if (Test-PrivilegedSid -Sid $sid) { return $true } }
    $false
}

function Find-PrivilegedMember {
    # Those of the entries that are in a privileged group of this domain, directly, through other groups, or by their primary group.
    param([object]$Ldap, [string]$Base, [object[]]$Entries)
    if ($Entries.Length -eq 0) { return }
    $domain = @(Find-DirectoryEntry -Ldap $Ldap -Base $Base -Filter '(objectClass=*)' -Scope 'Base' -Attributes @('objectSid'))[0]['objectsid'][0]
    $sids = ''
    foreach ($id in 498, 512, 516, 517, 518, 519, 520, 521, 525, 526, 527) { $sids += "(objectSid=$domain-$id)" }
    foreach ($id in 544, 548, 549, 550, 551, 552, 557, 578) { $sids += "(objectSid=S-1-5-32-$id)" }
    $chain = ''
    foreach ($group in @(Find-DirectoryEntry -Ldap $Ldap -Base $Base -Filter "(&(objectClass=group)(|$sids))" -Scope 'Subtree' -Attributes @('objectGUID'))) {
        $chain += '(memberOf:1.2.840.113556.1.4.1941:=' + (ConvertTo-LdapValue -Value $group['dn']) + ')'
    }
    if ($chain.Length -eq 0) { return }
    $member = $chain
    foreach ($group in @(Find-DirectoryEntry -Ldap $Ldap -Base $Base -Filter "(&(objectClass=group)(|$chain))" -Scope 'Subtree' -Attributes @('objectSid'))) {
        foreach ($sid in @(Get-DirectoryValue -Entry $group -Name 'objectSid')) { $member += '(primaryGroupID=' + $sid.Substring($sid.LastIndexOf([char]'-') + 1) + ')' }
    }
    for ($from = 0; $from -lt $Entries.Length; $from += 50) {
        $those = ''
        for ($i = $from; $i -lt $Entries.Length -and $i -lt $from + 50; $i++) { $those += '(objectGUID=' + (ConvertTo-LdapGuid -Guid $Entries[$i]['objectguid'][0]) + ')' }
        foreach ($found in @(Find-DirectoryEntry -Ldap $Ldap -Base $Base -Filter "(&(|$those)(|$member))" -Scope 'Subtree' -Attributes @('objectGUID'))) { $found['objectguid'][0] }
    }
}
