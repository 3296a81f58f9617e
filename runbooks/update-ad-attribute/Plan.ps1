<#
.SYNOPSIS
At most one change: the attribute's value now and as it shall be.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)

$adds = [string]::Equals($State.action, 'add-value')
$removes = [string]::Equals($State.action, 'remove-value')
$before = $null
$after = $null
if ($null -ne $Parameters.PSObject.Properties['value']) { $after = $Parameters.value }
if ($adds -or $removes) {
    # The stored text of the address, which may differ in case: what is compared and put back is exactly that.
    foreach ($value in $State.values) { if ([string]::Equals($value, $Parameters.value, 'OrdinalIgnoreCase')) { $before = $value } }
    if ($removes) { $after = $null }
} else {
    foreach ($value in $State.values) { $before = $value }
}
if ($null -ne $Parameters.PSObject.Properties['expectedBefore']) {
    $expected = $false
    foreach ($value in $State.values) { if ([string]::Equals($value, $Parameters.expectedBefore)) { $expected = $true } }
    # Once the change is made the old value is rightly gone: only a pending change is held against it.
    if (-not $expected -and [string]::Equals($State.finding, 'present')) { throw 'state-drift' }
}
if (-not [string]::Equals($State.finding, 'present')) { return }
# Names for the approver: display name, user principal name and distinguished name, as far as there are any.
$label = $State.dn
if ($null -ne $State.PSObject.Properties['userPrincipalName']) { $label = $State.userPrincipalName + ', ' + $label }
if ($null -ne $State.PSObject.Properties['name'] -and $State.name.Length -gt 0) { $label = $State.name + ', ' + $label }
[ordered]@{
    resource = 'user:' + $State.objectGuid
    property = $State.attribute
    before   = $before
    after    = $after
    action   = $State.action
    label    = $label
}
