<#
.SYNOPSIS
One change for each entry of exactly this address and purpose that is older than the request.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)

$listed = 0
foreach ($entry in $State.entries) {
    # What the client wrote after the request is the success of an earlier try, not a leftover.
    if ([string]::CompareOrdinal($entry.lastWrittenUtc, $Parameters.requestedAtTargetUtc) -ge 0) { continue }
    # Microsoft_OC1 : uri=<address> : specific : <purpose> : <number>
    $part = $entry.targetName.Split(':')
    if ($part.Length -ne 5 -or $part[4] -cnotmatch '\A[0-9]{1,3}\z') { continue }
    if (-not [string]::Equals($part[0] + $part[2], 'Microsoft_OC1specific', 'OrdinalIgnoreCase')) { continue }
    if (-not [string]::Equals($part[1], 'uri=' + $Parameters.sipAddress, 'OrdinalIgnoreCase')) { continue }
    $wanted = $false
    foreach ($purpose in $Parameters.purposes) { if ([string]::Equals($part[3], $purpose, 'OrdinalIgnoreCase')) { $wanted = $true } }
    if (-not $wanted) { continue }
    $listed++
    if ($listed -gt $Parameters.maxEntries) { throw 'cap-exceeded' }
    [ordered]@{
        resource = 'vault:' + $State.userSid + '/' + $entry.type + '/' + $entry.targetName
        property = 'credential'
        before   = 'present'
        after    = 'absent'
        action   = 'delete-credential'
    }
}
