<#
.SYNOPSIS
Runs a phase as the interactive user from an elevated session: job folder, task in one session, a result that is read as hostile.
#>
function Invoke-UserPhase {
    # $Call: jobId, userSid, nonce, waitSeconds, phase and modules with text and sha256, values to bind by name.
    param([object]$Call)
    if ($Call.jobId -cnotmatch '\A[0-9a-f]{32}\z' -or $Call.nonce -cnotmatch '\A[0-9a-f]{32}\z') { throw 'invalid-value' }
    if ($Call.userSid -cnotmatch '\AS-1-(5-21|12-1)(-[0-9]{1,10}){4}\z') { throw 'invalid-value' }
    $name = 'fixpoint-' + $Call.jobId
    Clear-FormerRun -Name $name
    $sessions = @(Get-LogonSession -UserSid $Call.userSid)
    if ($sessions.Count -eq 0) { throw 'user-not-logged-on' }
    $folder = New-JobFolder -Name ($name + '-' + $Call.nonce) -UserSid $Call.userSid
    try {
        Write-CallFile -Folder $folder -Call $Call
        $program = [System.IO.Path]::Combine([System.Environment]::GetFolderPath('System'), 'WindowsPowerShell', 'v1.0', 'powershell.exe')
        $script = [System.IO.Path]::Combine($folder, 'in', 'run.ps1')
        $arguments = '-NoProfile -NonInteractive -ExecutionPolicy Bypass -WindowStyle Hidden -File "' + $script + '" "' + $folder + '" ' + $Call.nonce
        $result = [System.IO.Path]::Combine($folder, 'out', 'result.json')
        try {
            Register-UserTask -Name $name -UserSid $Call.userSid -Command $program -Arguments $arguments -LimitSeconds $Call.waitSeconds
            Start-UserTask -Name $name -SessionId $sessions[0]
            Wait-UserResult -Name $name -LiteralPath $result -Seconds $Call.waitSeconds
        } finally {
            Remove-UserSessionTask -Name $name
        }
        $said = Read-UserResult -LiteralPath $result -UserSid $Call.userSid -Nonce $Call.nonce
    } finally {
        Remove-JobFolder -Folder $folder
    }
    foreach ($record in $said['records']) { Write-Verbose ('as the user, ' + $record['stream'] + ': ' + $record['text']) }
    if (-not $said['ok']) {
        if ($said['message'].Length -gt 0) { Write-Warning ('as the user: ' + $said['message']) }
        throw $said['code']
    }
    foreach ($item in $said['output']) { , $item }
}

function Clear-FormerRun {
    # What an interrupted run of this job left. While its task runs, nothing else may: what it does is not over.
    param([string]$Name)
    $task = Read-UserTask -Name $Name
    if ($null -ne $task) {
        if ([string]::Equals($task['state'], 'running') -or [string]::Equals($task['state'], 'queued')) { throw 'user-session-busy' }
        Unregister-UserTask -Name $Name
    }
    $root = [System.Environment]::GetFolderPath('CommonApplicationData')
    foreach ($folder in [System.IO.Directory]::GetDirectories($root, $Name + '-*')) { Remove-JobFolder -Folder $folder }
}

function Remove-UserSessionTask {
    # Not being able to tidy up does not make a result untrue; the next run of the job looks again.
    param([string]$Name)
    try {
        $task = Read-UserTask -Name $Name
        if ($null -eq $task) { return }
        if ([string]::Equals($task['state'], 'running')) { Stop-UserTask -Name $Name }
        Unregister-UserTask -Name $Name
    } catch {
        Write-Warning ('the task ' + $Name + ' could not be removed')
    }
}

function New-JobFolder {
    # Its rights are in the call that creates it: nobody can put a folder or a link of their own there first.
    param([string]$Name, [string]$UserSid)
    $path = [System.IO.Path]::Combine([System.Environment]::GetFolderPath('CommonApplicationData'), $Name)
    if ([System.IO.Directory]::Exists($path) -or [System.IO.File]::Exists($path)) { throw 'path-outside-root' }
    # The user may look into the folder, read what is in `in` and create files in `out`: no folders, and with that no junctions.
    New-GuardedFolder -LiteralPath $path -UserSid $UserSid -OfFolder 'ReadAndExecute' -OfFiles $null
    New-GuardedFolder -LiteralPath ([System.IO.Path]::Combine($path, 'in')) -UserSid $UserSid -OfFolder 'ReadAndExecute' -OfFiles 'ReadAndExecute'
    New-GuardedFolder -LiteralPath ([System.IO.Path]::Combine($path, 'out')) -UserSid $UserSid -OfFolder 'CreateFiles, Traverse, ReadAttributes, Synchronize' -OfFiles 'Read, Write, Delete, Synchronize'
    $path
}

function New-GuardedFolder {
    param([string]$LiteralPath, [string]$UserSid, [string]$OfFolder, [object]$OfFiles)
    $security = [System.Security.AccessControl.DirectorySecurity]::new()
    $security.SetAccessRuleProtection($true, $false)
    foreach ($sid in @('S-1-5-18', 'S-1-5-32-544')) {
        $security.AddAccessRule([System.Security.AccessControl.FileSystemAccessRule]::new([System.Security.Principal.SecurityIdentifier]::new($sid), 'FullControl', 'ContainerInherit, ObjectInherit', 'None', 'Allow'))
    }
    $user = [System.Security.Principal.SecurityIdentifier]::new($UserSid)
    $security.AddAccessRule([System.Security.AccessControl.FileSystemAccessRule]::new($user, $OfFolder, 'None', 'None', 'Allow'))
    if ($null -ne $OfFiles) {
        $security.AddAccessRule([System.Security.AccessControl.FileSystemAccessRule]::new($user, $OfFiles, 'ObjectInherit', 'InheritOnly', 'Allow'))
    }
    $folder = [System.IO.DirectoryInfo]::new($LiteralPath)
    # The same call, which is a method of the folder in .NET Framework.
    if ([string]::Equals($PSVersionTable.PSEdition, 'Core')) {
        [System.IO.FileSystemAclExtensions]::Create($folder, $security)
    } else {
        $folder.Create($security)
    }
    if (-not (Test-OwnFolder -LiteralPath $LiteralPath)) { throw 'path-outside-root' }
}

function Test-OwnFolder {
    # A real folder that an administrator, the system or this session owns.
    param([string]$LiteralPath)
    $folder = [System.IO.DirectoryInfo]::new($LiteralPath)
    if (-not $folder.Exists -or ([int]$folder.Attributes -band 1024) -ne 0) { return $false }
    if ([string]::Equals($PSVersionTable.PSEdition, 'Core')) {
        $security = [System.IO.FileSystemAclExtensions]::GetAccessControl($folder)
    } else {
        $security = $folder.GetAccessControl()
    }
    $owner = $security.GetOwner([System.Security.Principal.SecurityIdentifier]).Value
    $mine = [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value
    foreach ($sid in @('S-1-5-18', 'S-1-5-32-544', $mine)) { if ([string]::Equals($owner, $sid)) { return $true } }
    return $false
}

function Remove-JobFolder {
    # Files by name, then empty folders and links: nothing is followed, nothing recurses.
    param([string]$Folder)
    if (-not (Test-OwnFolder -LiteralPath $Folder)) {
        Write-Warning ($Folder + ' is not a folder of ours and is left alone')
        return
    }
    try {
        foreach ($part in @('in', 'out')) {
            $path = [System.IO.Path]::Combine($Folder, $part)
            if (-not [System.IO.Directory]::Exists($path)) { continue }
            if (-not (Test-OwnFolder -LiteralPath $path)) { throw 'reparse-point' }
            foreach ($file in [System.IO.Directory]::GetFiles($path)) { [System.IO.File]::Delete($file) }
            foreach ($inner in [System.IO.Directory]::GetDirectories($path)) { [System.IO.Directory]::Delete($inner, $false) }
            [System.IO.Directory]::Delete($path, $false)
        }
        [System.IO.Directory]::Delete($Folder, $false)
    } catch {
        Write-Warning ($Folder + ' could not be removed')
    }
}

function Write-CallFile {
    # The texts as real files that the user can only read; each is read back and compared with the digest it came with.
    param([string]$Folder, [object]$Call)
    $in = [System.IO.Path]::Combine($Folder, 'in')
    $number = 0
    foreach ($module in $Call.modules) {
        Write-CheckedFile -LiteralPath ([System.IO.Path]::Combine($in, 'module-' + $number + '.ps1')) -Text $module.text -Digest $module.sha256
        $number++
    }
    Write-CheckedFile -LiteralPath ([System.IO.Path]::Combine($in, 'phase.ps1')) -Text $Call.phase.text -Digest $Call.phase.sha256
    $values = [System.Management.Automation.PSSerializer]::Serialize((ConvertTo-CallWire -Value $Call.values), 200)
    Write-CheckedFile -LiteralPath ([System.IO.Path]::Combine($in, 'values.xml')) -Text $values -Digest (Get-TextDigest -Text $values)
    $start = Get-StartText
    Write-CheckedFile -LiteralPath ([System.IO.Path]::Combine($in, 'run.ps1')) -Text $start -Digest (Get-TextDigest -Text $start)
}

function Write-CheckedFile {
    param([string]$LiteralPath, [string]$Text, [string]$Digest)
    [System.IO.File]::WriteAllText($LiteralPath, $Text, [System.Text.UTF8Encoding]::new($false))
    $written = [System.IO.File]::ReadAllText($LiteralPath, [System.Text.UTF8Encoding]::new($false, $true))
    if (-not [string]::Equals((Get-TextDigest -Text $written), $Digest)) {
        Write-Warning ($LiteralPath + ' does not hold what was written')
        throw 'inconclusive'
    }
}

function Get-TextDigest {
    param([string]$Text)
    $hash = [System.Security.Cryptography.SHA256]::Create().ComputeHash([System.Text.UTF8Encoding]::new($false).GetBytes($Text))
    [System.BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
}

function ConvertTo-CallWire {
    # A form that keeps the types of values through a file, as the host's own does through remoting.
    param([object]$Value)
    if ($null -eq $Value) { return $null }
    if ($Value -is [string] -or $Value -is [bool] -or $Value -is [long] -or $Value -is [int] -or $Value -is [double]) { return $Value }
    if ($Value -is [array]) {
        $items = [object[]]@(foreach ($item in $Value) { , (ConvertTo-CallWire -Value $item) })
        return @{ k = 'a'; v = $items }
    }
    $names = [object[]]@(foreach ($property in $Value.PSObject.Properties) { $property.Name })
    $values = [object[]]@(foreach ($property in $Value.PSObject.Properties) { , (ConvertTo-CallWire -Value $property.Value) })
    return @{ k = 'o'; n = $names; v = $values }
}

function Get-StartText {
    # The user's side, constant: reads the texts and values beside it, runs the phase, writes one result. Windows PowerShell 5.1.
    @'
param([string]$Folder, [string]$Nonce)
[System.Globalization.CultureInfo]::CurrentCulture = [System.Globalization.CultureInfo]::InvariantCulture
[System.Globalization.CultureInfo]::CurrentUICulture = [System.Globalization.CultureInfo]::InvariantCulture
$ErrorActionPreference = 'Stop'
$in = [System.IO.Path]::Combine($Folder, 'in')
for ($i = 0; [System.IO.File]::Exists([System.IO.Path]::Combine($in, "module-$i.ps1")); $i++) {
    . ([System.Management.Automation.ScriptBlock]::Create([System.IO.File]::ReadAllText([System.IO.Path]::Combine($in, "module-$i.ps1"))))
}
$output = [System.Collections.ArrayList]::new()
$records = [System.Collections.ArrayList]::new()
$failure = $null
try {
    $bound = Read-CallValue -LiteralPath ([System.IO.Path]::Combine($in, 'values.xml'))
    $phase = [System.Management.Automation.ScriptBlock]::Create([System.IO.File]::ReadAllText([System.IO.Path]::Combine($in, 'phase.ps1')))
    Set-StrictMode -Version Latest
    $VerbosePreference = 'Continue'
    $DebugPreference = 'Continue'
    $WarningPreference = 'Continue'
    $InformationPreference = 'Continue'
    $ProgressPreference = 'SilentlyContinue'
    & $phase @bound 3>&1 4>&1 5>&1 6>&1 | ForEach-Object { Add-UserOutput -Item $_ -Output $output -Records $records }
} catch {
    $failure = $_
}
Write-UserResult -Folder $Folder -Nonce $Nonce -Output $output -Failure $failure -Records $records
'@
}

function Wait-UserResult {
    # Ends when the result is there. A task that ended without one, or did not end, is an outcome that nobody heard.
    param([string]$Name, [string]$LiteralPath, [int]$Seconds)
    $until = [datetime]::UtcNow.AddSeconds($Seconds)
    while (-not [System.IO.File]::Exists($LiteralPath)) {
        $task = Read-UserTask -Name $Name
        if ($null -ne $task -and ([string]::Equals($task['state'], 'ready') -or [string]::Equals($task['state'], 'disabled'))) {
            $ended = $task['result']
            # 0x41301 running, 0x41303 has not run yet, 0x41325 queued: not over.
            if ($ended -ne 267009 -and $ended -ne 267011 -and $ended -ne 267045) {
                if ([System.IO.File]::Exists($LiteralPath)) { return }
                if ($ended -eq -2147216608) { throw 'user-not-logged-on' }
                if ($ended -eq -2147216609) { throw 'user-session-busy' }
                Write-Warning ('the task of the user ended with ' + $ended.ToString('x8') + ' and without a result')
                throw 'result-lost'
            }
        }
        if ([datetime]::UtcNow -gt $until) {
            Write-Warning ('no result of the user within ' + $Seconds + ' s')
            throw 'result-lost'
        }
        Start-Sleep -Milliseconds 200
    }
}
