<#
.SYNOPSIS
Moves one object from one set of values to another in a single modify, by compare-and-swap.
#>
function Switch-DirectoryValue {
    # From and To: tables of attribute to its values (an empty list where it is not set). Of proxyAddresses only the sip: entries count.
    # Emits changed, or noop where the object is as To says already; anything else that is there is state-drift and nothing is written.
    param([object]$Ldap, [string]$ObjectGuid, [hashtable]$From, [hashtable]$To)
    $names = @{}
    foreach ($name in $From.Keys) { $names[$name] = $true }
    foreach ($name in $To.Keys) { $names[$name] = $true }
    $found = @(Find-DirectoryEntry -Ldap $Ldap -Base ('<GUID=' + $ObjectGuid + '>') -Filter '(objectClass=*)' -Scope 'Base' -Attributes (@('allowedAttributesEffective') + @($names.Keys)))
    if ($found.Length -ne 1) { throw 'target-not-found' }
    $isFrom = $true
    $isTo = $true
    foreach ($name in $names.Keys) {
        $now = @(Select-SwappedValue -Name $name -Values @(Get-DirectoryValue -Entry $found[0] -Name $name))
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
        foreach ($value in $old) { Add-DirectoryModification -Request $request -Attribute $name -Operation 'Delete' -Value $value }
        foreach ($value in $new) { Add-DirectoryModification -Request $request -Attribute $name -Operation 'Add' -Value $value }
    }
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
