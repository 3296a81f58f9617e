<#
.SYNOPSIS
The changes of one rung, after everything that forbids them was asked.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)

if (-not [string]::Equals($Parameters.confirmSid, $Parameters.userSid, 'Ordinal')) { throw 'invalid-value' }
if (-not [string]::Equals($State.userSid, $Parameters.userSid, 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
if (-not [string]::Equals($State.finding, 'present')) { return }

$rung = [int]$Parameters.rung
# The rungs below come first, each tried and not enough.
if ($null -eq $Parameters.PSObject.Properties['ladderWaiver']) {
    for ($below = 1; $below -lt $rung; $below++) {
        $tried = $false
        foreach ($step in $Parameters.previousSteps) {
            if (-not [string]::Equals($step.runbook, 'remove-rsa-key-folder', 'Ordinal')) { continue }
            if ($step.outcome -cnotmatch '\A(fixed|already-fine|compliant)\z') { continue }
            $climbed = [int]$step.parameters.rung
            if ($climbed -eq $below) { $tried = $true }
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

if ($rung -eq 1) {
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
if ($rung -eq 2) {
    [ordered]@{
        resource = $State.folder.path
        property = 'acl'
        before   = $State.folder.sddl
        after    = 'owner=' + $State.userSid + ';inherited'
        action   = 'restore-acl'
    }
}
if ($rung -eq 3) {
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
if ($rung -eq 4) {
    [ordered]@{
        resource = $State.folder.path
        property = 'path'
        before   = 'present'
        after    = $State.userSid + $aside
        action   = 'quarantine-folder'
    }
}
