<#
.SYNOPSIS
One change for each thing that is still there, once its time is over and nobody wants it back.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)

if (-not [string]::Equals($State.finding, 'present')) { return }
$kept = $Parameters.quarantine
if ($null -eq $kept) { throw 'target-not-found' }
if ($null -eq $kept.endedAtUtc -or $kept.rollbackOpen) { throw 'precondition-missing' }
if ([string]::CompareOrdinal($Parameters.requestedAtTargetUtc, $kept.keptUntilUtc) -lt 0) { throw 'retention-running' }
if ($Parameters.ofJob -cnotmatch '\A[0-9a-f]{32}\z') { throw 'invalid-value' }
foreach ($item in $State.items) {
    if (-not $item.exists) { continue }
    $listed = $false
    foreach ($path in $kept.items) { if ([string]::Equals($item.path, $path, 'OrdinalIgnoreCase')) { $listed = $true } }
    $leaf = $item.path.Substring($item.path.LastIndexOf([char]'\') + 1)
    if (-not $listed -or -not $leaf.EndsWith('.rbk-' + $Parameters.ofJob, 'Ordinal')) { throw 'path-outside-root' }
    [ordered]@{
        resource = $item.path
        property = 'path'
        before   = $leaf
        after    = 'absent'
        action   = 'purge'
    }
}
