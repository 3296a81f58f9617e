<#
.SYNOPSIS
Puts back the one change of a step: the value, the rights, or the name. What took a renamed one's place is kept beside it.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)

$sid = Assert-OwnSession -UserSid $Parameters.userSid
if ([string]::Equals($Change.action, 'fix-machine-guid')) {
    $done = Set-MachineGuid -From $Change.after -To $Change.before
} elseif ([string]::Equals($Change.action, 'restore-acl')) {
    $folder = Resolve-KeyChange -UserSid $sid -Change $Change
    $api = Get-RightsApi
    $now = Get-FolderRights -Api $api -LiteralPath $folder
    $done = -not [string]::Equals($now.sddl, $Change.before, 'Ordinal')
    if ($done) {
        if (-not ($now.inherited -and [string]::Equals($now.ownerSid, $sid, 'OrdinalIgnoreCase'))) { throw 'state-drift' }
        Set-FolderRights -Api $api -LiteralPath $folder -Sddl $Change.before -Inherit $false
    }
} else {
    $path = Resolve-KeyChange -UserSid $sid -Change $Change
    $aside = $path + '.rbk-' + $Parameters.jobId
    $back = Restore-Leaf -LiteralPath $path -Aside $aside -Beside ($path + '.new-' + $Parameters.jobId)
    $done = $back.restored
    if ($null -ne $back.beside) { return [ordered]@{ outcome = 'changed'; backupRef = $back.beside } }
}
if ($done) { return [ordered]@{ outcome = 'changed' } }
[ordered]@{ outcome = 'noop' }
