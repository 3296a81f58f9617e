<#
.SYNOPSIS
Text files of a Linux endpoint, such as configuration: read by lines, and one line replaced at a time. The file is exchanged as a whole
and keeps mode and owner. No link is followed. Needs the modules native, unix and quarantine.
#>
function Get-TextDigest {
    # SHA-256 of bytes, 64 hex digits.
    param([byte[]]$Bytes)
    $algorithm = [System.Security.Cryptography.SHA256]::Create()
    [BitConverter]::ToString($algorithm.ComputeHash($Bytes)).Replace('-', '').ToLowerInvariant()
}

function Read-TextFile {
    # exists, digest (of its bytes; empty without a file) and lines (without their ends). Throws reparse-point for a link or anything but a
    # plain file, cap-exceeded above 1 MiB, invalid-value for what is not UTF-8, access-denied, path-outside-root for a path that is not
    # absolute and written out.
    param([string]$LiteralPath)
    Assert-PlainPath -LiteralPath $LiteralPath
    $file = Get-UnixFile -LiteralPath $LiteralPath
    if ($null -eq $file) { return [ordered]@{ exists = $false; digest = ''; lines = @() } }
    if (-not [string]::Equals($file.kind, 'file', 'Ordinal')) { throw 'reparse-point' }
    try {
        if ([System.IO.FileInfo]::new($LiteralPath).Length -gt 1048576) { throw 'cap-exceeded' }
        $bytes = [System.IO.File]::ReadAllBytes($LiteralPath)
    } catch [System.UnauthorizedAccessException] {
        throw 'access-denied'
    }
    try {
        $text = [System.Text.UTF8Encoding]::new($false, $true).GetString($bytes)
    } catch {
        throw 'invalid-value'
    }
    $lines = @(foreach ($line in $text.Split([char]10)) { $line.TrimEnd([char]13) })
    # What ends with a line end has no further line.
    if ($text.EndsWith([string][char]10, 'Ordinal') -or $text.Length -eq 0) { $lines = @($lines | Select-AllButLast) }
    [ordered]@{ exists = $true; digest = Get-TextDigest -Bytes $bytes; lines = $lines }
}

function Get-SettingLine {
    # The lines that set a name, as in `name = value`: number (the first line is 1) and text. Comments do not count.
    param([string[]]$Lines, [string]$Name)
    for ($i = 0; $i -lt $Lines.Count; $i++) {
        $at = $Lines[$i].IndexOf([char]'=')
        if ($at -lt 1) { continue }
        if ([string]::Equals($Lines[$i].Substring(0, $at).Trim(), $Name, 'Ordinal')) { [ordered]@{ number = $i + 1; text = $Lines[$i] } }
    }
}

function Select-AllButLast {
    # What comes from the pipeline, without its last item.
    $all = @($input)
    for ($i = 0; $i -lt $all.Count - 1; $i++) { $all[$i] }
}

function Set-TextLine {
    # Replaces one line (the first is 1) if the file is still the one with this digest: true; false where it is another by now. Every other
    # byte, the line end, mode and owner stay. Throws invalid-value for a text with a line end, reparse-point for a file with several names,
    # access-denied where the account cannot write the folder or keep the owner.
    param([string]$LiteralPath, [string]$Digest, [int]$Number, [string]$Text)
    # What follows is not in .NET Framework, and Linux has none.
    if (-not [string]::Equals($PSVersionTable.PSEdition, 'Core')) { throw 'not-applicable' }
    if ($Text.IndexOf([char]10) -ge 0 -or $Text.IndexOf([char]13) -ge 0 -or $Text.IndexOf([char]0) -ge 0) { throw 'invalid-value' }
    $file = Read-TextFile -LiteralPath $LiteralPath
    if (-not [string]::Equals($file.digest, $Digest, 'Ordinal')) { return $false }
    if ($Number -lt 1 -or $Number -gt $file.lines.Count) { throw 'invalid-value' }
    $old = Get-UnixFile -LiteralPath $LiteralPath
    if ($old.links -ne 1) { throw 'reparse-point' }
    $parts = [System.Text.UTF8Encoding]::new($false, $true).GetString([System.IO.File]::ReadAllBytes($LiteralPath)).Split([char]10)
    $end = ''
    if ($parts[$Number - 1].EndsWith([string][char]13, 'Ordinal')) { $end = [string][char]13 }
    $parts[$Number - 1] = $Text + $end
    $bytes = [System.Text.UTF8Encoding]::new($false).GetBytes([string]::Join([string][char]10, $parts))
    $new = $LiteralPath + '.fixpoint-' + [guid]::NewGuid().ToString('N')
    try {
        Write-Beside -LiteralPath $new -Like $LiteralPath -File $old -Bytes $bytes
        # Somebody may have written it meanwhile.
        $now = Read-TextFile -LiteralPath $LiteralPath
        if (-not [string]::Equals($now.digest, $Digest, 'Ordinal')) { return $false }
        [System.IO.File]::Move($new, $LiteralPath, $true)
        $true
    } catch [System.UnauthorizedAccessException] {
        throw 'access-denied'
    } finally {
        [System.IO.File]::Delete($new)
    }
}

function Write-Beside {
    # Writes a new file that has the owner and mode of another before it has any content.
    param([string]$LiteralPath, [string]$Like, [object]$File, [byte[]]$Bytes)
    # What follows is not in .NET Framework, and Linux has none.
    if (-not [string]::Equals($PSVersionTable.PSEdition, 'Core')) { throw 'not-applicable' }
    $stream = [System.IO.FileStream]::new($LiteralPath, 'CreateNew', 'Write', 'None')
    try {
        $api = Get-UnixApi
        $own = Get-UnixFile -LiteralPath $LiteralPath
        if ($own.userId -ne $File.userId -or $own.groupId -ne $File.groupId) {
            if ($api::lchown($LiteralPath, [uint32]$File.userId, [uint32]$File.groupId) -ne 0) { throw 'access-denied' }
        }
        [System.IO.File]::SetUnixFileMode($LiteralPath, [System.IO.File]::GetUnixFileMode($Like))
        $stream.Write($Bytes, 0, $Bytes.Length)
        $stream.Flush($true)
    } finally {
        $stream.Dispose()
    }
}
