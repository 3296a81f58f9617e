<#
.SYNOPSIS
One owner for each address: no two objects may have it, whatever attribute holds it and whatever its prefix.
#>
function Get-BareAddress {
    # The address without its prefix (SIP:, smtp:), in lower case: neither is part of what must be unique.
    param([string]$Value)
    $Value.Substring(1 + $Value.IndexOf([char]':')).ToLowerInvariant()
}

function Find-AddressOwner {
    # Other objects (users, contacts, groups) that hold one of the wanted addresses as mail, user principal name, SIP address or proxy
    # address. Wanted: tables of objectGuid and address. Base '' on a global catalog searches the forest.
    param([object]$Ldap, [string]$Base, [object[]]$Wanted)
    $holders = @('mail', 'userPrincipalName', 'msRTCSIP-PrimaryUserAddress', 'proxyAddresses')
    for ($from = 0; $from -lt $Wanted.Length; $from += 40) {
        $byAddress = @{}
        $filter = ''
        for ($i = $from; $i -lt $Wanted.Length -and $i -lt $from + 40; $i++) {
            $bare = Get-BareAddress -Value $Wanted[$i]['address']
            # Two of the wanted themselves with one address.
            if ($byAddress.ContainsKey($bare)) { [ordered]@{ objectGuid = $byAddress[$bare]; other = $Wanted[$i]['objectGuid'] } }
            $byAddress[$bare] = $Wanted[$i]['objectGuid']
            $text = ConvertTo-LdapValue -Value $bare
            foreach ($name in $holders) { $filter += "($name=$text)" }
            foreach ($prefix in 'sip', 'smtp') { $filter += "(msRTCSIP-PrimaryUserAddress=${prefix}:$text)(proxyAddresses=${prefix}:$text)" }
        }
        foreach ($entry in @(Find-DirectoryEntry -Ldap $Ldap -Base $Base -Filter "(|$filter)" -Scope 'Subtree' -Attributes (@('objectGUID') + $holders))) {
            $reported = @{}
            foreach ($name in $holders) {
                foreach ($held in @(Get-DirectoryValue -Entry $entry -Name $name)) {
                    $bare = Get-BareAddress -Value $held
                    if (-not $byAddress.ContainsKey($bare) -or $reported.ContainsKey($bare)) { continue }
                    if ([string]::Equals($byAddress[$bare], $entry['objectguid'][0], 'OrdinalIgnoreCase')) { continue }
                    $reported[$bare] = $true
                    [ordered]@{ objectGuid = $byAddress[$bare]; other = $entry['objectguid'][0] }
                }
            }
        }
    }
}

function Assert-FreeAddress {
    # Refuses when another object holds one of the wanted addresses. The directory itself does not.
    param([object]$Ldap, [string]$Base, [object[]]$Wanted)
    foreach ($owner in @(Find-AddressOwner -Ldap $Ldap -Base $Base -Wanted $Wanted)) {
        Write-Warning "$($owner.other) holds the address of $($owner.objectGuid)"
        throw 'duplicate-sip'
    }
}

function Assert-FreeAddressInForest {
    # The same on the pinned server and in the whole forest: either may know what the other does not yet.
    param([object]$Ldap, [string]$Base, [object[]]$Wanted, [object]$Parameters, [object]$Connection, [pscredential]$Credential)
    if ($Wanted.Length -eq 0) { return }
    Assert-FreeAddress -Ldap $Ldap -Base $Base -Wanted $Wanted
    $catalog = Connect-Directory -Server $Parameters.globalCatalog -Connection $Connection -Credential $Credential -Catalog
    try {
        Assert-FreeAddress -Ldap $catalog -Base '' -Wanted $Wanted
    } finally {
        $catalog.Dispose()
    }
}
