<#
.SYNOPSIS
Processes of a Linux endpoint: found by their exact executable and owner, ended one by one. A process is its number together with its
start, so that a number that the system has given to another process is never acted on. Needs the modules native and unix.
#>
function Read-ProcessStat {
    # state (one letter) and startTicks (text: hundredths of a second since the system started) of a process; null when there is none.
    param([int]$Id)
    try {
        $text = [System.IO.File]::ReadAllText('/proc/' + $Id + '/stat')
    } catch {
        return $null
    }
    # The name of the program, in parentheses, may hold anything.
    $fields = $text.Substring($text.LastIndexOf([char]')') + 2).Split([char]' ')
    [ordered]@{ state = $fields[0]; startTicks = $fields[19] }
}

function Test-UnixProcess {
    # Whether this very process still runs. One that has ended and was not yet collected by its parent does not.
    param([int]$Id, [string]$StartTicks)
    $stat = Read-ProcessStat -Id $Id
    if ($null -eq $stat -or -not [string]::Equals($stat.startTicks, $StartTicks, 'Ordinal')) { return $false }
    -not [string]::Equals($stat.state, 'Z', 'Ordinal') -and -not [string]::Equals($stat.state, 'X', 'Ordinal')
}

function Get-ProcessOwner {
    # The number of the user as whom a process runs; null when it has ended.
    param([int]$Id)
    try {
        $lines = [System.IO.File]::ReadAllLines('/proc/' + $Id + '/status')
    } catch {
        return $null
    }
    foreach ($line in $lines) {
        if ($line.StartsWith('Uid:', 'Ordinal')) { return [int64]$line.Substring(4).Trim().Split([char]9)[0] }
    }
    $null
}

function Test-StartedBefore {
    # Whether a start in ticks was before a time of this system's clock, such as 2026-01-31T08:00:00.000Z.
    param([string]$StartTicks, [string]$Utc)
    $style = [System.Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'
    $time = [datetime]::ParseExact($Utc, 'yyyy-MM-ddTHH:mm:ss.fffZ', [cultureinfo]::InvariantCulture, $style)
    $since = ([datetime]::UtcNow - $time).TotalSeconds
    $up = [double]::Parse([System.IO.File]::ReadAllText('/proc/uptime').Split([char]' ')[0], [cultureinfo]::InvariantCulture)
    [double]$StartTicks / 100 -lt $up - $since
}

function Get-StartTime {
    # A start in ticks as a time in UTC for people, right to the second.
    param([string]$StartTicks)
    $boot = [int64]0
    foreach ($line in [System.IO.File]::ReadAllLines('/proc/stat')) {
        if ($line.StartsWith('btime ', 'Ordinal')) { $boot = [int64]$line.Substring(6) }
    }
    $time = [DateTimeOffset]::FromUnixTimeMilliseconds($boot * 1000 + [int64]$StartTicks * 10)
    $time.UtcDateTime.ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [cultureinfo]::InvariantCulture)
}

function Get-UnixProcess {
    # The processes of exactly this executable (its full path, no link) and user, the oldest first: id, startTicks, startedUtc, state, and
    # replaced (whether the file of its program was replaced or removed since). Never process 1. Throws access-denied where the account may not see which
    # program a process of this user runs: nothing is then known to be absent.
    param([string]$Executable, [int64]$UserId)
    # What follows is not in .NET Framework, and Linux has none.
    if (-not [string]::Equals($PSVersionTable.PSEdition, 'Core')) { throw 'not-applicable' }
    $found = @(foreach ($folder in [System.IO.Directory]::GetDirectories('/proc')) {
            $name = [System.IO.Path]::GetFileName($folder)
            if ($name -notmatch '\A[0-9]+\z') { continue }
            $id = [int]$name
            # Ending the first process is ending the system.
            if ($id -eq 1) { continue }
            $owner = Get-ProcessOwner -Id $id
            if ($null -eq $owner -or $owner -ne $UserId) { continue }
            $stat = Read-ProcessStat -Id $id
            if ($null -eq $stat -or -not (Test-UnixProcess -Id $id -StartTicks $stat.startTicks)) { continue }
            $program = [System.IO.FileInfo]::new($folder + '/exe').LinkTarget
            if ($null -eq $program) {
                # A thread of the kernel has no program and no command line.
                if (Test-CommandLine -Id $id) { throw 'access-denied' }
                continue
            }
            $replaced = [string]::Equals($program, $Executable + ' (deleted)', 'Ordinal')
            if (-not $replaced -and -not [string]::Equals($program, $Executable, 'Ordinal')) { continue }
            [ordered]@{
                id         = $id
                startTicks = $stat.startTicks
                startedUtc = Get-StartTime -StartTicks $stat.startTicks
                state      = $stat.state
                replaced   = $replaced
            }
        })
    foreach ($process in ($found | Sort-ByStart)) { $process }
}

function Sort-ByStart {
    # Processes from the pipeline in the order of their start, then of their number.
    $list = [System.Collections.Generic.List[object]]::new()
    foreach ($process in $input) {
        $at = 0
        while ($at -lt $list.Count -and ([int64]$list[$at].startTicks -lt [int64]$process.startTicks -or ([int64]$list[$at].startTicks -eq [int64]$process.startTicks -and $list[$at].id -lt $process.id))) { $at++ }
        $list.Insert($at, $process)
    }
    $list
}

function Test-CommandLine {
    # Whether a process that still runs was started with a command line.
    param([int]$Id)
    try {
        [System.IO.File]::ReadAllText('/proc/' + $Id + '/cmdline').Length -gt 0
    } catch {
        $false
    }
}

function Stop-UnixProcess {
    # Sends a signal to this very process and waits for its end. Returns ended; gone (it had ended before); running (it did not end in
    # time); or denied (the account may not). The kernel holds the process by a handle, which never means another one.
    param([int]$Id, [string]$StartTicks, [ValidateSet('TERM', 'KILL')][string]$Signal = 'TERM', [int]$WaitSeconds = 10)
    $api = Get-UnixApi
    $marshal = [System.Runtime.InteropServices.Marshal]
    # pidfd_open
    $handle = $api::syscall([int64]434, [int64]$Id, [int64]0, [int64]0, [int64]0)
    $reason = $marshal::GetLastWin32Error()
    if ($handle -lt 0) {
        if ($reason -eq 3) { return 'gone' }
        # Linux before 5.3 has no such handles.
        throw 'not-applicable'
    }
    try {
        # The handle is of whoever has the number now: only the start says that it is the one that is meant.
        if (-not (Test-UnixProcess -Id $Id -StartTicks $StartTicks)) { return 'gone' }
        $number = [int64]15
        if ([string]::Equals($Signal, 'KILL', 'Ordinal')) { $number = [int64]9 }
        # pidfd_send_signal
        $failed = $api::syscall([int64]424, $handle, $number, [int64]0, [int64]0)
        $reason = $marshal::GetLastWin32Error()
        if ($failed -ne 0) {
            if ($reason -eq 3) { return 'gone' }
            if ($reason -eq 1) { return 'denied' }
            throw 'inconclusive'
        }
        $until = [datetime]::UtcNow.AddSeconds($WaitSeconds)
        while (Test-UnixProcess -Id $Id -StartTicks $StartTicks) {
            if ([datetime]::UtcNow -gt $until) { return 'running' }
            Start-Sleep -Milliseconds 50
        }
        'ended'
    } finally {
        $null = $api::close([int]$handle)
    }
}
