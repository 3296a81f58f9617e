<#
.SYNOPSIS
Sets files and folders aside by renaming them where they are, brings them back, and removes for good what was set aside. Acts as the
owner of the files; never goes through a link.
#>
function Get-PathAttribute {
    # The attributes of what is at the path itself, link or not; null when nothing is there.
    param([string]$LiteralPath)
    try {
        [System.IO.File]::GetAttributes($LiteralPath)
    } catch {
        $cause = $_.Exception.InnerException
        if ($cause -is [System.IO.FileNotFoundException] -or $cause -is [System.IO.DirectoryNotFoundException]) { return $null }
        if ($cause -is [System.UnauthorizedAccessException]) { throw 'access-denied' }
        throw 'path-outside-root'
    }
}

function Assert-PlainPath {
    # Refuses a path of which any part that is there is a link, and one that is not written out in full.
    param([string]$LiteralPath)
    if (-not [string]::Equals([System.IO.Path]::GetFullPath($LiteralPath), $LiteralPath, 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
    if ($LiteralPath.EndsWith('/', 'Ordinal') -or $LiteralPath.EndsWith('\', 'Ordinal')) { throw 'path-outside-root' }
    $at = $LiteralPath
    while ($null -ne [System.IO.Path]::GetDirectoryName($at)) {
        $attributes = Get-PathAttribute -LiteralPath $at
        if ($null -ne $attributes -and ($attributes -band [System.IO.FileAttributes]::ReparsePoint) -ne 0) { throw 'reparse-point' }
        $at = [System.IO.Path]::GetDirectoryName($at)
    }
}

function Test-Folder {
    param([string]$LiteralPath)
    $attributes = Get-PathAttribute -LiteralPath $LiteralPath
    $null -ne $attributes -and ($attributes -band [System.IO.FileAttributes]::Directory) -ne 0
}

function Assert-NotHeld {
    # Why a file operation failed: somebody holds the file open, or the right is missing. Numbers, because words are translated.
    param([object]$Cause, [string]$LiteralPath)
    if ($Cause.HResult -eq -2147024864 -or $Cause.HResult -eq -2147024863) { throw 'user-logged-on' }
    if ($Cause.HResult -ne -2147024891) { throw $Cause }
    # Windows says access denied, too, for a folder in which a file is open.
    if (Test-Folder -LiteralPath $LiteralPath) {
        foreach ($file in [System.IO.Directory]::GetFiles($LiteralPath)) {
            try {
                [System.IO.File]::Open($file, 'Open', 'Read', 'None').Dispose()
            } catch {
                if ($_.Exception.InnerException.HResult -eq -2147024864) { throw 'user-logged-on' }
            }
        }
    }
    throw 'access-denied'
}

function Move-Leaf {
    # Renames a file or folder inside its parent. True when done now, false when it had been done; anything else is drift.
    param([string]$From, [string]$To)
    Assert-PlainPath -LiteralPath $From
    Assert-PlainPath -LiteralPath $To
    if (-not [string]::Equals([System.IO.Path]::GetDirectoryName($From), [System.IO.Path]::GetDirectoryName($To), 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
    $there = $null -ne (Get-PathAttribute -LiteralPath $From)
    $done = $null -ne (Get-PathAttribute -LiteralPath $To)
    if ($done -and -not $there) { return $false }
    if ($done -or -not $there) { throw 'state-drift' }
    try {
        if (Test-Folder -LiteralPath $From) { [System.IO.Directory]::Move($From, $To) } else { [System.IO.File]::Move($From, $To) }
    } catch {
        Assert-NotHeld -Cause $_.Exception.InnerException -LiteralPath $From
    }
    $true
}

function Restore-Leaf {
    # Brings back what Move-Leaf set aside. What has taken its place meanwhile is kept beside it, under the name that is returned.
    param([string]$LiteralPath, [string]$Aside, [string]$Beside)
    Assert-PlainPath -LiteralPath $LiteralPath
    Assert-PlainPath -LiteralPath $Aside
    if ($null -eq (Get-PathAttribute -LiteralPath $Aside)) {
        if ($null -eq (Get-PathAttribute -LiteralPath $LiteralPath)) { throw 'state-drift' }
        return [pscustomobject]@{ restored = $false; beside = $null }
    }
    $kept = $null
    if ($null -ne (Get-PathAttribute -LiteralPath $LiteralPath)) {
        $null = Move-Leaf -From $LiteralPath -To $Beside
        $kept = $Beside
    }
    [pscustomobject]@{ restored = (Move-Leaf -From $Aside -To $LiteralPath); beside = $kept }
}

function Get-TreeFile {
    # The files of a file or folder, deepest first, folders after what is in them. Refuses a tree with a link anywhere in it.
    param([string]$LiteralPath)
    Assert-PlainPath -LiteralPath $LiteralPath
    if (Test-Folder -LiteralPath $LiteralPath) {
        foreach ($inner in [System.IO.Directory]::GetFileSystemEntries($LiteralPath)) { Get-TreeFile -LiteralPath $inner }
    }
    $LiteralPath
}

function Remove-Tree {
    # Removes a file, or a folder with what is in it: looked through for links first, then one by one. True when it was there.
    param([string]$LiteralPath)
    if ($null -eq (Get-PathAttribute -LiteralPath $LiteralPath)) { return $false }
    $all = @(Get-TreeFile -LiteralPath $LiteralPath)
    # Nothing goes while something of it is held open: half a tree is the worst of both.
    foreach ($one in $all) {
        if (Test-Folder -LiteralPath $one) { continue }
        try {
            [System.IO.File]::Open($one, 'Open', 'Read', 'None').Dispose()
        } catch {
            Assert-NotHeld -Cause $_.Exception.InnerException -LiteralPath $one
        }
    }
    foreach ($one in $all) {
        Assert-PlainPath -LiteralPath $one
        $folder = Test-Folder -LiteralPath $one
        try {
            if ($folder) {
                [System.IO.Directory]::Delete($one)
            } else {
                [System.IO.File]::SetAttributes($one, [System.IO.FileAttributes]::Normal)
                [System.IO.File]::Delete($one)
            }
        } catch {
            Assert-NotHeld -Cause $_.Exception.InnerException -LiteralPath $one
        }
    }
    $true
}

function Resolve-QuarantineItem {
    # A path of the record, if it is one that the job with this id set aside below this root; refuses every other.
    param([string]$LiteralPath, [string]$OfJob, [string]$Root)
    if ($OfJob -cnotmatch '\A[0-9a-f]{32}\z') { throw 'invalid-value' }
    $suffix = '.rbk-' + $OfJob
    $leaf = [System.IO.Path]::GetFileName($LiteralPath)
    if ($leaf.Length -le $suffix.Length -or -not $leaf.EndsWith($suffix, 'Ordinal')) { throw 'path-outside-root' }
    $below = $Root.TrimEnd([System.IO.Path]::DirectorySeparatorChar) + [System.IO.Path]::DirectorySeparatorChar
    if ($below.Length -lt 4 -or -not $LiteralPath.StartsWith($below, 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
    Assert-PlainPath -LiteralPath $LiteralPath
    $LiteralPath
}
