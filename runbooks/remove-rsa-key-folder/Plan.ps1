<#
.SYNOPSIS
The changes of one step, after every precondition was checked.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)

if (-not [string]::Equals($Parameters.confirmSid, $Parameters.userSid, 'Ordinal')) { throw 'invalid-value' }
if (-not [string]::Equals($State.userSid, $Parameters.userSid, 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
if (-not [string]::Equals($State.finding, 'present')) { return }

$step = [int]$Parameters.step
# The lower steps come first; each was tried and did not help.
if ($null -eq $Parameters.PSObject.Properties['escalationWaiver']) {
    for ($below = 1; $below -lt $step; $below++) {
        $tried = $false
        foreach ($earlier in $Parameters.previousSteps) {
            if (-not [string]::Equals($earlier.runbook, 'remove-rsa-key-folder', 'Ordinal')) { continue }
            if ($earlier.outcome -cnotmatch '\A(fixed|already-fine|compliant)\z') { continue }
            $done = [int]$earlier.parameters.step
            if ($done -eq $below) { $tried = $true }
        }
        if (-not $tried) { throw 'precondition-missing' }
    }
}
$agreed = @{}
foreach ($consent in $Parameters.consents) {
    if ([string]::Equals($consent.sid, $State.userSid, 'OrdinalIgnoreCase')) { $agreed[$consent.kind] = $true }
}
if (-not $agreed.ContainsKey('rsa-keys')) { throw 'consent-missing' }
if ($State.efsConfigured -or $State.protectedKeys.Length -gt 0) {
    if (-not $Parameters.overrideProtectedKeys) { throw 'protected-keys-present' }
    if (-not $agreed.ContainsKey('protected-keys')) { throw 'consent-missing' }
}
if ($Parameters.jobId -cnotmatch '\A[0-9a-f]{32}\z') { throw 'invalid-value' }
if (-not $State.folder.path.EndsWith('\RSA\' + $State.userSid, 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
$aside = '.rbk-' + $Parameters.jobId

if ($step -eq 1) {
    $guid = $State.machineGuid.value
    if ($guid -cnotmatch '\A\{[0-9A-Fa-f-]{36}\}\z') { throw 'invalid-value' }
    [ordered]@{
        resource = 'HKLM\SOFTWARE\Microsoft\Cryptography'
        property = 'MachineGuid'
        before   = $guid
        after    = $guid.Substring(1, 36)
        action   = 'fix-machine-guid'
    }
}
if ($step -eq 2) {
    [ordered]@{
        resource = $State.folder.path
        property = 'acl'
        before   = $State.folder.sddl
        after    = 'owner=' + $State.userSid + ';inherited'
        action   = 'restore-acl'
    }
}
if ($step -eq 3) {
    foreach ($file in $State.keyFiles) {
        if (-not [string]::Equals($file.belongsTo, 'communications-server', 'Ordinal')) { continue }
        if ([string]::CompareOrdinal($file.createdUtc, $Parameters.requestedAtTargetUtc) -ge 0) { continue }
        if ($file.name -cnotmatch '\A[0-9A-Fa-f]{32}_[0-9A-Fa-f{}-]{1,64}\z') { throw 'path-outside-root' }
        [ordered]@{
            resource = $State.folder.path + '\' + $file.name
            property = 'path'
            before   = 'present'
            after    = $file.name + $aside
            action   = 'quarantine-key-file'
        }
    }
}
if ($step -eq 4) {
    [ordered]@{
        resource = $State.folder.path
        property = 'path'
        before   = 'present'
        after    = $State.userSid + $aside
        action   = 'quarantine-folder'
    }
}
