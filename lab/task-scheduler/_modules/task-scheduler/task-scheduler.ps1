<#
.SYNOPSIS
DOUBLE of the Windows Task Scheduler and of "who is logged on", for PCs of the laboratory: the same functions over files that
lab/task-scheduler/index.ts serves. It is no implementation of Windows: whoever names it in a runbook folder gets another digest.
#>
function Get-TaskFolder {
    param([string]$Name)
    if ($Name -cnotmatch '\Afixpoint-[0-9a-f]{32}\z') { throw 'invalid-value' }
    [System.IO.Path]::Combine('C:\fixpoint\tasks', $Name)
}

function Write-TaskFile {
    param([string]$LiteralPath, [string]$Text)
    [System.IO.File]::WriteAllText($LiteralPath + '.tmp', $Text)
    [System.IO.File]::Move($LiteralPath + '.tmp', $LiteralPath)
}

function Get-LogonSession {
    param([string]$UserSid)
    $sessions = [System.Collections.Generic.List[object]]::new()
    foreach ($line in [System.IO.File]::ReadAllLines('C:\fixpoint\tasks\sessions')) {
        $part = $line.Split(' ')
        if ([string]::Equals($part[0], 'unknown')) { throw 'inconclusive' }
        if ([string]::Equals($part[0], $UserSid, 'OrdinalIgnoreCase')) { $sessions.Add([int]$part[1]) }
    }
    $sessions.Sort()
    foreach ($session in $sessions) { $session }
}

function Register-UserTask {
    param([string]$Name, [string]$UserSid, [string]$Command, [string]$Arguments, [int]$LimitSeconds)
    $folder = Get-TaskFolder -Name $Name
    if ([System.IO.Directory]::Exists($folder)) { throw 'user-session-busy' }
    $null = [System.IO.Directory]::CreateDirectory($folder)
    Write-TaskFile -LiteralPath ([System.IO.Path]::Combine($folder, 'definition')) -Text ($UserSid + "`n" + $LimitSeconds + "`n" + $Command + "`n" + $Arguments)
}

function Start-UserTask {
    param([string]$Name, [int]$SessionId)
    $folder = Get-TaskFolder -Name $Name
    if (-not [System.IO.Directory]::Exists($folder)) { throw 'inconclusive' }
    $answer = [System.IO.Path]::Combine($folder, 'answer')
    Write-TaskFile -LiteralPath ([System.IO.Path]::Combine($folder, 'start')) -Text "$SessionId"
    for ($i = 0; $i -lt 600 -and -not [System.IO.File]::Exists($answer); $i++) { Start-Sleep -Milliseconds 50 }
    if (-not [System.IO.File]::Exists($answer)) { throw 'inconclusive' }
    $number = [int][System.IO.File]::ReadAllText($answer)
    [System.IO.File]::Delete($answer)
    if ($number -eq -2147216608) { throw 'user-not-logged-on' }
    if ($number -eq -2147216609) { throw 'user-session-busy' }
    if ($number -eq -2147024891) { throw 'access-denied' }
    if ($number -ne 0) { throw 'inconclusive' }
}

function Read-UserTask {
    param([string]$Name)
    $folder = Get-TaskFolder -Name $Name
    if (-not [System.IO.Directory]::Exists($folder)) { return }
    $state = [System.IO.Path]::Combine($folder, 'state')
    if (-not [System.IO.File]::Exists($state)) { return [ordered]@{ state = 'ready'; result = 267011 } }
    $part = [System.IO.File]::ReadAllText($state).Split(' ')
    [ordered]@{ state = $part[0]; result = [int]$part[1] }
}

function Stop-UserTask {
    param([string]$Name)
    $folder = Get-TaskFolder -Name $Name
    if ([System.IO.Directory]::Exists($folder)) { Write-TaskFile -LiteralPath ([System.IO.Path]::Combine($folder, 'stop')) -Text '' }
}

function Unregister-UserTask {
    param([string]$Name)
    $folder = Get-TaskFolder -Name $Name
    if (-not [System.IO.Directory]::Exists($folder)) { return }
    # Moved away first: the other half may just be writing the state of the task into it, and a folder that fills up cannot be deleted.
    $removed = 'C:\fixpoint\removed-task-' + [guid]::NewGuid().ToString('n')
    [System.IO.Directory]::Move($folder, $removed)
    try { [System.IO.Directory]::Delete($removed, $true) } catch { Write-Verbose ('left behind: ' + $removed) }
}
