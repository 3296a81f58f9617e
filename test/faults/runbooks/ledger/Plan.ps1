<#
.SYNOPSIS
One change for each object that has another value.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)
foreach ($object in $State.objects) {
    if ([string]::Equals($object.value, $Parameters.value)) { continue }
    [ordered]@{
        resource = 'ledger:' + $Parameters.directory + '/' + $object.name
        property = 'value'
        before   = $object.value
        after    = $Parameters.value
        action   = $Parameters.action
    }
}
