<#
.SYNOPSIS
Looks at the machine's GUID, at the key folder of exactly this user, and at whose keys are in it. Keys are never opened.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)

$sid = Assert-OwnSession -UserSid $Parameters.userSid
$folder = Get-KeyFolderPath -UserSid $sid
$guid = Get-MachineGuid -View 'Registry64'
$otherGuid = Get-MachineGuid -View 'Registry32'
$hasBraces = "$guid" -cmatch '\A\{[0-9A-Fa-f-]{36}\}\z'
$exists = Test-Folder -LiteralPath $folder
$about = [ordered]@{ path = $folder; exists = $exists; readable = $exists }
$files = @()
if ($exists) {
    $read = Read-KeyFile -Folder $folder
    $about['readable'] = $null -ne $read
    if ($null -ne $read) { $files = $read }
    $rights = Get-FolderRights -Api (Get-RightsApi) -LiteralPath $folder
    $about['ownerSid'] = $rights.ownerSid
    $about['inherited'] = $rights.inherited
    $about['sddl'] = $rights.sddl
    $about['createdUtc'] = ConvertTo-UtcText -Time ([System.IO.Directory]::GetCreationTimeUtc($folder))
}

# Which certificate names which file.
$digest = Get-DigestApi
$owners = @{}
$byName = @{}
foreach ($file in $files) { $byName[$file.name.ToUpperInvariant()] = $file.name }
$protected = @(foreach ($certificate in @(Read-UserCertificate -Api (Get-StoreApi))) {
        if ($null -eq $certificate.container) { continue }
        $name = Get-KeyFileName -Api $digest -Container $certificate.container -MachineGuid "$guid"
        $communications = [string]::Equals($certificate.issuer, 'CN=Communications Server', 'Ordinal')
        # What cannot be told apart counts as being there.
        $here = $exists -and ($null -eq $name -or -not $about['readable'])
        if ($byName.ContainsKey("$name".ToUpperInvariant())) {
            $file = $byName["$name".ToUpperInvariant()]
            $here = $true
            if (-not $owners.ContainsKey($file)) { $owners[$file] = @() }
            $owners[$file] += [pscustomobject]@{ thumbprint = $certificate.thumbprint; communications = $communications }
        }
        if ($communications -or -not $here) { continue }
        $use = 'other'
        foreach ($usage in $certificate.usages) {
            if ([string]::Equals($usage, '1.3.6.1.5.5.7.3.4', 'Ordinal')) { $use = 'smime' }
            if ([string]::Equals($usage, '1.3.6.1.4.1.311.10.3.4', 'Ordinal') -or [string]::Equals($usage, '1.3.6.1.4.1.311.10.3.4.1', 'Ordinal')) { $use = 'efs' }
        }
        [ordered]@{ thumbprint = $certificate.thumbprint; use = $use }
    })
$efs = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Software\Microsoft\Windows NT\CurrentVersion\EFS\CurrentKeys')
$efsConfigured = $null -ne $efs -and $null -ne $efs.GetValue('CertificateHash', $null)

$older = $exists -and [string]::CompareOrdinal("$($about['createdUtc'])", $Parameters.requestedAtTargetUtc) -lt 0
$belongs = $false
$step = [int]$Parameters.step
$counts = [ordered]@{ total = $files.Length; olderThanRequest = 0; communicationsServer = 0; other = 0; nobodyKnown = 0 }
$wanted = [System.Collections.ArrayList]::new()
$rest = [System.Collections.ArrayList]::new()
foreach ($file in $files) {
    $mine = 0
    $others = 0
    $thumbprints = @(foreach ($owner in @($owners[$file.name])) {
            if ($null -eq $owner) { continue }
            if ($owner.communications) { $mine++ } else { $others++ }
            $owner.thumbprint
        })
    $thumbprints = @(Get-FirstName -Names $thumbprints)
    $belongsTo = 'nobody-known'
    if ($others -gt 0) { $belongsTo = 'other' }
    if ($mine -gt 0 -and $others -eq 0) { $belongsTo = 'communications-server' }
    if ($mine -gt 0 -and $others -eq 0) { $counts['communicationsServer']++ } elseif ($others -gt 0) { $counts['other']++ } else { $counts['nobodyKnown']++ }
    $isNeeded = $false
    if ([string]::CompareOrdinal($file.createdUtc, $Parameters.requestedAtTargetUtc) -lt 0) {
        $older = $true
        $counts['olderThanRequest']++
        $isNeeded = $mine -gt 0 -and $others -eq 0
        if ($isNeeded) { $belongs = $true }
    }
    $seen = [ordered]@{
        name                     = $file.name
        bytes                    = $file.bytes
        createdUtc               = $file.createdUtc
        suffixMatchesMachineGuid = $file.name.EndsWith('_' + $guid, 'OrdinalIgnoreCase')
        ownedBy                  = $thumbprints
        belongsTo                = $belongsTo
    }
    if ($isNeeded -and $step -eq 3) { $null = $wanted.Add($seen) } elseif ($rest.Count -lt 50) { $null = $rest.Add($seen) }
}
$keyFiles = @(Limit-StateList -Needed $wanted.ToArray() -Others $rest.ToArray())
$otherFolders = @()
$parent = [System.IO.Path]::GetDirectoryName($folder)
if (Test-Folder -LiteralPath $parent) {
    $otherFolders = @(foreach ($path in [System.IO.Directory]::GetDirectories($parent)) {
            $name = [System.IO.Path]::GetFileName($path)
            if (-not [string]::Equals($name, $sid, 'OrdinalIgnoreCase')) { $name }
        })
}

# One step per job.
$present = $false
switch ($step) {
    1 { $present = $hasBraces }
    2 { $present = $exists -and (-not $about['inherited'] -or -not [string]::Equals($about['ownerSid'], $sid, 'OrdinalIgnoreCase')) }
    3 { $present = $belongs }
    4 { $present = $older }
}
$finding = 'absent'
if ($present) { $finding = 'present' }
if ($null -eq $guid -or ($exists -and -not $about['readable'] -and $step -eq 3)) { $finding = 'inconclusive' }
$machine = [ordered]@{ value = "$guid"; hasBraces = $hasBraces }
if ($null -ne $otherGuid) { $machine['otherView'] = "$otherGuid" }
[ordered]@{
    finding             = $finding
    userSid             = $sid
    userSession         = $Parameters.userSession
    machineGuid         = $machine
    folder              = $about
    keyFiles            = $keyFiles
    keyFileCounts       = $counts
    protectedKeys       = @(Limit-StateList -Needed @() -Others $protected)
    protectedKeyCount   = $protected.Length
    efsConfigured       = $efsConfigured
    otherSidFolders     = @(Get-FirstName -Names $otherFolders)
    otherSidFolderCount = $otherFolders.Length
}
