<#
.SYNOPSIS
What Skype for Business keeps in the directory: attributes of users, pools of servers, owners of addresses.
#>
function Get-SipAttribute {
    # The names of all msRTCSIP attributes that this directory's schema knows, as it writes them.
    param([object]$Ldap, [hashtable]$Root)
    $names = [string[]]@(foreach ($entry in @(Find-DirectoryEntry -Ldap $Ldap -Base $Root['schemanamingcontext'][0] -Filter '(&(objectClass=attributeSchema)(lDAPDisplayName=msRTCSIP-*)(!(isDefunct=TRUE)))' -Scope 'OneLevel' -Attributes @('lDAPDisplayName'))) { $entry['ldapdisplayname'][0] })
    [array]::Sort($names, [StringComparer]::Ordinal)
    $names
}

function Get-SipPool {
    # The pools of a live server are children of one of two places: newer deployments keep them in the configuration, older ones in the domain.
    param([object]$Ldap, [hashtable]$Root)
    $places = @(
        ('CN=Pools,CN=RTC Service,CN=Services,' + $Root['configurationnamingcontext'][0])
        ('CN=Pools,CN=RTC Service,CN=Microsoft,CN=System,' + $Root['rootdomainnamingcontext'][0])
    )
    foreach ($place in $places) {
        try {
            foreach ($pool in @(Find-DirectoryEntry -Ldap $Ldap -Base $place -Filter '(objectClass=*)' -Scope 'OneLevel' -Attributes @('cn'))) { $pool['dn'] }
        } catch {
            # Without the place there is no pool; with a failed search nothing is known.
            $result = Get-DirectoryError -Record $_
            if (-not [string]::Equals($result, 'NoSuchObject') -and -not [string]::Equals($result, 'Referral')) { throw }
        }
    }
}

function Get-SipUser {
    # What the state says of one affected user, with everything that a later repair by hand would need.
    param([hashtable]$Entry, [string[]]$Names, [bool]$Disabled)
    $backup = @(foreach ($name in @($Names) + 'proxyAddresses') {
        $values = [string[]]@(Select-SwappedValue -Name $name -Values @(Get-DirectoryValue -Entry $Entry -Name $name))
        if ($values.Length -gt 0) {
            [array]::Sort($values, [StringComparer]::Ordinal)
            [ordered]@{ attribute = $name; values = $values }
        }
    })
    $changed = $Entry['whenchanged'][0]
    $user = [ordered]@{
        objectGuid     = $Entry['objectguid'][0]
        dn             = $Entry['dn']
        sipAddress     = $Entry['msrtcsip-primaryuseraddress'][0]
        accountEnabled = -not $Disabled
        backup         = $backup
        uSNChanged     = $Entry['usnchanged'][0]
        whenChanged    = $changed.Substring(0, 4) + '-' + $changed.Substring(4, 2) + '-' + $changed.Substring(6, 2) + 'T' + $changed.Substring(8, 2) + ':' + $changed.Substring(10, 2) + ':' + $changed.Substring(12, 2) + '.000Z'
    }
    foreach ($value in @(Get-DirectoryValue -Entry $Entry -Name 'msRTCSIP-DeploymentLocator')) { $user['deploymentLocator'] = $value }
    foreach ($value in @(Get-DirectoryValue -Entry $Entry -Name 'msRTCSIP-OriginatorSid')) { $user['originatorSid'] = $value }
    $user
}

function Find-SipOwner {
    # Other objects that hold the address of one of the users, as their own or among their proxyAddresses.
    param([object]$Ldap, [string]$Base, [object[]]$Users)
    for ($from = 0; $from -lt $Users.Length; $from += 40) {
        $byAddress = @{}
        $filter = ''
        for ($i = $from; $i -lt $Users.Length -and $i -lt $from + 40; $i++) {
            $address = $Users[$i]['sipAddress']
            $key = $address.ToLowerInvariant()
            # Two of the users themselves with one address.
            if ($byAddress.ContainsKey($key)) { [ordered]@{ objectGuid = $byAddress[$key]; other = $Users[$i]['objectGuid'] } }
            $byAddress[$key] = $Users[$i]['objectGuid']
            $text = ConvertTo-LdapValue -Value $address
            $filter += "(msRTCSIP-PrimaryUserAddress=$text)(proxyAddresses=$text)"
        }
        foreach ($entry in @(Find-DirectoryEntry -Ldap $Ldap -Base $Base -Filter "(|$filter)" -Scope 'Subtree' -Attributes @('objectGUID', 'msRTCSIP-PrimaryUserAddress', 'proxyAddresses'))) {
            foreach ($held in @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-PrimaryUserAddress') + @(Get-DirectoryValue -Entry $entry -Name 'proxyAddresses')) {
                $key = $held.ToLowerInvariant()
                if ($byAddress.ContainsKey($key) -and -not [string]::Equals($byAddress[$key], $entry['objectguid'][0])) { [ordered]@{ objectGuid = $byAddress[$key]; other = $entry['objectguid'][0] } }
            }
        }
    }
}

function Get-SipChange {
    # A change of the plan as two tables of attribute to values: before and after.
    param([object]$Ldap, [object]$Change)
    $before = @{}
    $after = @{}
    if (-not [string]::Equals($Change.property, 'rtcAttributes')) {
        $before[$Change.property] = @($Change.before)
        $after[$Change.property] = @($Change.after)
    } else {
        # An attribute that the plan does not name must be empty on both sides.
        foreach ($name in @(Get-SipAttribute -Ldap $Ldap -Root (Get-DirectoryRoot -Ldap $Ldap)) + 'proxyAddresses') {
            $before[$name] = @()
            $after[$name] = @()
        }
        foreach ($member in $Change.before.PSObject.Properties) { $before[$member.Name] = @($member.Value) }
        $kept = @($before['proxyAddresses'])
        $there = $false
        foreach ($address in $kept) { if ([string]::Equals($address, $Change.after.proxySip, 'OrdinalIgnoreCase')) { $there = $true } }
        if (-not $there) { $kept += $Change.after.proxySip }
        $after['proxyAddresses'] = $kept
    }
    @{ before = $before; after = $after }
}
