<#
.SYNOPSIS
One change of one attribute, as the two lists of values that a compare-and-swap moves between.
#>
function Switch-DirectoryAttribute {
    # Of an attribute with many values only those that the change names count. An address that the change gives must have no other owner.
    param([object]$Ldap, [object]$Change, [object]$Before, [object]$After)
    $name = $Change.property
    $from = @{ $name = @() }
    $to = @{ $name = @() }
    if ($null -ne $Before) { $from[$name] = @($Before) }
    if ($null -ne $After) { $to[$name] = @($After) }
    $parts = @()
    if (-not $Change.action.StartsWith('set-', [StringComparison]::Ordinal)) { $parts = @($name) }
    $address = ''
    if ($null -ne $After -and (Test-AddressAttribute -Name $name)) { $address = $After }
    Switch-DirectoryValue -Ldap $Ldap -ObjectGuid $Change.resource.Substring(5) -From $from -To $to -Parts $parts -Address $address
}

function Test-AddressAttribute {
    # Attributes whose values are addresses, each of which has one owner.
    param([string]$Name)
    Test-NameAmong -Names @('mail', 'userPrincipalName', 'msRTCSIP-PrimaryUserAddress', 'proxyAddresses') -Name $Name
}

function Get-AttributeChange {
    # Whether an operation has something to do, and which stored value it replaces or takes away. Values of an attribute with many values
    # are addresses: their case says nothing, but for the prefix SIP: of the one primary address.
    param([string]$Operation, [object[]]$Values, [object]$Value)
    $change = @{ needed = $true; before = $null; otherPrimary = $false }
    if ([string]::Equals($Operation, 'clear')) {
        $change['needed'] = $Values.Length -gt 0
        return $change
    }
    if ([string]::Equals($Operation, 'set')) {
        foreach ($stored in $Values) { if ([string]::Equals($stored, $Value)) { $change['needed'] = $false } }
        return $change
    }
    foreach ($stored in $Values) {
        $isPrimary = $stored.StartsWith('SIP:', [StringComparison]::Ordinal)
        if ([string]::Equals($stored, $Value, 'OrdinalIgnoreCase')) { $change['before'] = $stored }
        elseif ($isPrimary -and $Value.StartsWith('SIP:', [StringComparison]::Ordinal)) { $change['otherPrimary'] = $true }
    }
    $held = $null -ne $change['before']
    if ([string]::Equals($Operation, 'remove-value')) {
        $change['needed'] = $held
    } elseif ($held) {
        # Only a secondary address that shall be primary is left to change.
        $change['needed'] = $Value.StartsWith('SIP:', [StringComparison]::Ordinal) -and -not $change['before'].StartsWith('SIP:', [StringComparison]::Ordinal)
    }
    $change
}
