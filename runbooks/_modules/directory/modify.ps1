<#
.SYNOPSIS
Moves one object from one set of values to another in a single modify, by compare-and-swap.
#>
function Switch-DirectoryValue {
    # From and To: tables of attribute to its values (an empty list where it is not set). Of proxyAddresses only the sip: entries count.
    # Bytes: the attributes that hold bytes; their values are base64. Parts: attributes of which only the named values count.
    # Address: refuse (duplicate-sip) when another object of the domain holds this address by now.
    # Emits changed, or noop where the object is as To says already; anything else that is there is state-drift and nothing is written.
    param([object]$Ldap, [string]$ObjectGuid, [hashtable]$From, [hashtable]$To, [string[]]$Bytes = @(), [string[]]$Parts = @(), [string]$Address)
    $names = @{}
    foreach ($name in $From.Keys) { $names[$name] = $true }
    foreach ($name in $To.Keys) { $names[$name] = $true }
    $found = @(Find-DirectoryEntry -Ldap $Ldap -Base ('<GUID=' + $ObjectGuid + '>') -Filter '(objectClass=*)' -Scope 'Base' -Attributes (@('allowedAttributesEffective') + @($names.Keys)) -Bytes $Bytes)
    if ($found.Length -ne 1) { throw 'target-not-found' }
    $isFrom = $true
    $isTo = $true
    foreach ($name in $names.Keys) {
        $now = @(Select-SwappedValue -Name $name -Values @(Get-DirectoryValue -Entry $found[0] -Name $name))
        if (Test-NameAmong -Names $Parts -Name $name) { $now = @(Get-NamedValue -Values $now -Named (@($From[$name]) + @($To[$name]))) }
        if (-not (Test-SameValue -A $now -B @($From[$name]))) { $isFrom = $false }
        if (-not (Test-SameValue -A $now -B @($To[$name]))) { $isTo = $false }
    }
    if ($isTo) { return 'noop' }
    if (-not $isFrom) { throw 'state-drift' }
    $may = @{}
    foreach ($name in @(Get-DirectoryValue -Entry $found[0] -Name 'allowedAttributesEffective')) { $may[$name.ToLowerInvariant()] = $true }
    $request = [System.DirectoryServices.Protocols.ModifyRequest]::new()
    $request.DistinguishedName = '<GUID=' + $ObjectGuid + '>'
    foreach ($name in $names.Keys) {
        $old = @(Get-ValueWithout -Values @($From[$name]) -Others @($To[$name]))
        $new = @(Get-ValueWithout -Values @($To[$name]) -Others @($From[$name]))
        if ($old.Length + $new.Length -eq 0) { continue }
        if (-not $may.ContainsKey($name.ToLowerInvariant())) { throw 'access-denied' }
        $isBytes = Test-NameAmong -Names $Bytes -Name $name
        foreach ($value in $old) { Add-DirectoryModification -Request $request -Attribute $name -Operation 'Delete' -Value $value -IsBytes $isBytes }
        foreach ($value in $new) { Add-DirectoryModification -Request $request -Attribute $name -Operation 'Add' -Value $value -IsBytes $isBytes }
    }
    if ($Address.Length -gt 0) { Assert-FreeAddress -Ldap $Ldap -Base (Get-DirectoryRoot -Ldap $Ldap)['defaultnamingcontext'][0] -Wanted @{ objectGuid = $ObjectGuid; address = $Address } }
    $result = ''
    try {
        $result = "$($Ldap.SendRequest($request).ResultCode)"
    } catch {
        $result = Get-DirectoryError -Record $_
    }
    Assert-DirectoryResult -Result $result
    'changed'
}

function Select-SwappedValue {
    # Mail addresses among the proxyAddresses are nobody's business here.
    param([string]$Name, [object[]]$Values)
    $some = [string]::Equals($Name, 'proxyAddresses', 'OrdinalIgnoreCase')
    foreach ($value in $Values) {
        if (-not $some -or $value.StartsWith('sip:', [StringComparison]::OrdinalIgnoreCase)) { $value }
    }
}

function Test-NameAmong {
    param([string[]]$Names, [string]$Name)
    foreach ($one in $Names) { if ([string]::Equals($one, $Name, 'OrdinalIgnoreCase')) { return $true } }
    $false
}

function Get-NamedValue {
    # Those of the values that are one of the named ones in any case: the directory holds no two that differ in case only.
    param([object[]]$Values, [object[]]$Named)
    foreach ($value in $Values) {
        $isNamed = $false
        foreach ($one in $Named) { if ($null -ne $one -and [string]::Equals($value, $one, 'OrdinalIgnoreCase')) { $isNamed = $true } }
        if ($isNamed) { $value }
    }
}

function Get-ValueWithout {
    param([object[]]$Values, [object[]]$Others)
    foreach ($value in $Values) {
        $there = $null -eq $value
        foreach ($other in $Others) { if ([string]::Equals($value, $other)) { $there = $true } }
        if (-not $there) { $value }
    }
}

function Test-SameValue {
    # The same values in any order, ordinally.
    param([object[]]$A, [object[]]$B)
    @(Get-ValueWithout -Values $A -Others $B).Length + @(Get-ValueWithout -Values $B -Others $A).Length -eq 0
}
