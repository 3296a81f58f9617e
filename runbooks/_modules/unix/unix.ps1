<#
.SYNOPSIS
What a Linux endpoint knows by number: users, and the kind, owner and mode of files. Needs the module native.
#>
function Get-UnixApi {
    # The functions of the C library that the modules for Linux call.
    $text = [string]
    $pointer = [intptr]
    New-NativeType -Name 'Libc' -Library 'libc' -CharSet 'Ansi' -Functions @(
        @{ name = 'getpwnam'; returns = $pointer; parameters = @($text) }
        @{ name = 'statx'; returns = [int]; parameters = @([int], $text, [int], [uint32], $pointer) }
        @{ name = 'lchown'; returns = [int]; parameters = @($text, [uint32], [uint32]) }
        @{ name = 'syscall'; returns = [int64]; parameters = @([int64], [int64], [int64], [int64], [int64]) }
        @{ name = 'close'; returns = [int]; parameters = @([int]) }
    )
}

function Get-UnixUserId {
    # The number of a user by name, from every source that the system asks (files, LDAP, SSSD); null where there is no such user.
    param([string]$Name)
    $api = Get-UnixApi
    $entry = $api::getpwnam($Name)
    if ($entry.Equals([intptr]::Zero)) { return $null }
    # struct passwd: name, password, then the number.
    [int64][BitConverter]::ToUInt32([BitConverter]::GetBytes([System.Runtime.InteropServices.Marshal]::ReadInt32($entry, 2 * [intptr]::Size)), 0)
}

function Get-UnixFile {
    # What is at the path itself, link or not: kind (file, folder, link, other), userId, groupId, mode (octal text), links (how many
    # names it has). Null when nothing is there. Throws access-denied, inconclusive.
    param([string]$LiteralPath)
    $api = Get-UnixApi
    $marshal = [System.Runtime.InteropServices.Marshal]
    $buffer = $marshal::AllocHGlobal(256)
    try {
        # AT_FDCWD, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS.
        $failed = $api::statx(-100, $LiteralPath, 256, [uint32]2047, $buffer)
        $reason = $marshal::GetLastWin32Error()
        if ($failed -ne 0) {
            if ($reason -eq 2 -or $reason -eq 20) { return $null }
            if ($reason -eq 13) { throw 'access-denied' }
            throw 'inconclusive'
        }
        $mode = [int]$marshal::ReadInt16($buffer, 28) -band 65535
        $format = $mode -band 61440
        $kind = 'other'
        if ($format -eq 32768) { $kind = 'file' }
        if ($format -eq 16384) { $kind = 'folder' }
        if ($format -eq 40960) { $kind = 'link' }
        [ordered]@{
            kind    = $kind
            userId  = [int64]$marshal::ReadInt32($buffer, 20) -band 4294967295
            groupId = [int64]$marshal::ReadInt32($buffer, 24) -band 4294967295
            mode    = [Convert]::ToString($mode -band 4095, 8)
            links   = $marshal::ReadInt32($buffer, 16)
        }
    } finally {
        $marshal::FreeHGlobal($buffer)
    }
}
