<#
.SYNOPSIS
Makes the one change of a step: a value, the rights of the folder, or a rename where it is. Nothing is deleted.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)

$sid = Assert-OwnSession -UserSid $Parameters.userSid
if ([string]::Equals($Change.action, 'fix-machine-guid')) {
    $done = Set-MachineGuid -From $Change.before -To $Change.after
} elseif ([string]::Equals($Change.action, 'restore-acl')) {
    $folder = Resolve-KeyChange -UserSid $sid -Change $Change
    $api = Get-RightsApi
    $now = Get-FolderRights -Api $api -LiteralPath $folder
    $done = -not ($now.inherited -and [string]::Equals($now.ownerSid, $sid, 'OrdinalIgnoreCase'))
    if ($done) {
        if (-not [string]::Equals($now.sddl, $Change.before, 'Ordinal')) { throw 'state-drift' }
        # The access list stays; the owner changes, and the parent's entries come in.
        $list = $now.sddl.Substring($now.sddl.IndexOf('D:', [StringComparison]::Ordinal))
        Set-FolderRights -Api $api -LiteralPath $folder -Sddl ('O:' + $sid + $list) -Inherit $true
    }
} else {
    $path = Resolve-KeyChange -UserSid $sid -Change $Change
    $to = $path + '.rbk-' + $Parameters.jobId
    if (-not [string]::Equals([System.IO.Path]::GetFileName($to), $Change.after, 'Ordinal')) { throw 'path-outside-root' }
    $PSCmdlet.WriteVerbose('setting aside ' + $path)
    if (Move-Leaf -From $path -To $to) { return [ordered]@{ outcome = 'changed'; backupRef = $to } }
    $done = $false
}
if ($done) { return [ordered]@{ outcome = 'changed' } }
[ordered]@{ outcome = 'noop' }
