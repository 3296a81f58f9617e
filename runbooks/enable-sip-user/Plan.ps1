<#
.SYNOPSIS
One change a user, in the order of the state. What action it is follows from the request alone, so that a partly applied plan keeps it.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)

if (-not [string]::Equals($State.finding, 'present')) { return }
$clears = $null -ne $Parameters.PSObject.Properties['method'] -and [string]::Equals($Parameters.method, 'clear')
$action = 'enable-sip-bulk'
if ($null -ne $Parameters.PSObject.Properties['users'] -and @($Parameters.users).Length -eq 1) { $action = 'enable-sip' }
foreach ($user in $State.users) {
    # Names for the approver: display name, user principal name and distinguished name, as far as there are any.
    $label = $user.dn
    if ($null -ne $user.PSObject.Properties['userPrincipalName']) { $label = $user.userPrincipalName + ', ' + $label }
    if ($null -ne $user.PSObject.Properties['name'] -and $user.name.Length -gt 0) { $label = $user.name + ', ' + $label }
    if ($clears) {
        $before = [ordered]@{}
        foreach ($item in $user.backup) { $before[$item.attribute] = @($item.values) }
        [ordered]@{
            resource = 'user:' + $user.objectGuid
            property = 'rtcAttributes'
            before   = $before
            after    = [ordered]@{ proxySip = $user.sipAddress }
            action   = 'clear-rtc-attributes'
            label    = $label
        }
    } else {
        [ordered]@{
            resource = 'user:' + $user.objectGuid
            property = 'msRTCSIP-UserEnabled'
            before   = 'FALSE'
            after    = 'TRUE'
            action   = $action
            label    = $label
        }
    }
}
