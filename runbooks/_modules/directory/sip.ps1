<#
.SYNOPSIS
What Skype for Business keeps in the directory: attributes of users, pools of servers, owners of addresses.
#>
function Get-SipAttribute {
    # The names of all msRTCSIP attributes of a schema table, as the directory writes them.
    param([hashtable]$Schema)
    $names = [string[]]@(foreach ($key in @($Schema.Keys)) { $Schema[$key]['name'] })
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
    param([hashtable]$Entry, [string[]]$Names, [hashtable]$Schema, [bool]$Disabled)
    $backup = @(foreach ($name in @($Names) + 'proxyAddresses') {
        $values = [string[]]@(Select-SwappedValue -Name $name -Values @(Get-DirectoryValue -Entry $Entry -Name $name))
        if ($values.Length -gt 0) {
            [array]::Sort($values, [StringComparer]::Ordinal)
            $item = [ordered]@{ attribute = $name; values = $values }
            if (Test-BytesAttribute -Schema $Schema -Name $name) { $item['encoding'] = 'base64' }
            $item
        }
    })
    $changed = $Entry['whenchanged'][0]
    $user = [ordered]@{
        objectGuid     = $Entry['objectguid'][0]
        dn             = $Entry['dn']
        name           = Get-DirectoryName -Entry $Entry
        sipAddress     = $Entry['msrtcsip-primaryuseraddress'][0]
        accountEnabled = -not $Disabled
        backup         = $backup
        uSNChanged     = $Entry['usnchanged'][0]
        whenChanged    = $changed.Substring(0, 4) + '-' + $changed.Substring(4, 2) + '-' + $changed.Substring(6, 2) + 'T' + $changed.Substring(8, 2) + ':' + $changed.Substring(10, 2) + ':' + $changed.Substring(12, 2) + '.000Z'
    }
    foreach ($value in @(Get-DirectoryValue -Entry $Entry -Name 'userPrincipalName')) { $user['userPrincipalName'] = $value }
    foreach ($value in @(Get-DirectoryValue -Entry $Entry -Name 'msRTCSIP-DeploymentLocator')) { $user['deploymentLocator'] = $value }
    foreach ($value in @(Get-DirectoryValue -Entry $Entry -Name 'msRTCSIP-OriginatorSid')) { $user['originatorSid'] = $value }
    $user
}

function Get-SipChange {
    # A change of the plan as two tables of attribute to values, before and after, the attributes among them that hold bytes, and the
    # address that the user signs in with.
    param([object]$Ldap, [object]$Change)
    $before = @{}
    $after = @{}
    $bytes = @()
    if (-not [string]::Equals($Change.property, 'rtcAttributes')) {
        $before[$Change.property] = @($Change.before)
        $after[$Change.property] = @($Change.after)
        $address = ''
        foreach ($entry in @(Find-DirectoryEntry -Ldap $Ldap -Base ('<GUID=' + $Change.resource.Substring(5) + '>') -Filter '(objectClass=*)' -Scope 'Base' -Attributes @('msRTCSIP-PrimaryUserAddress'))) {
            foreach ($value in @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-PrimaryUserAddress')) { $address = $value }
        }
    } else {
        $address = $Change.after.proxySip
        # An attribute that the plan does not name must be empty on both sides.
        $schema = Get-DirectorySchema -Ldap $Ldap -Root (Get-DirectoryRoot -Ldap $Ldap) -Names @('msRTCSIP-*')
        $bytes = @(Get-BytesAttribute -Schema $schema)
        foreach ($name in @(Get-SipAttribute -Schema $schema) + 'proxyAddresses') {
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
    @{ before = $before; after = $after; bytes = $bytes; address = $address }
}
