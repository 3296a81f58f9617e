<#
.SYNOPSIS
Reads what the user's side wrote as what it is: a file of somebody who may lie. It says something about that user alone.
#>
function Read-UserResult {
    param([string]$LiteralPath, [string]$UserSid, [string]$Nonce)
    $folder = [System.IO.Path]::GetDirectoryName($LiteralPath)
    if (([int][System.IO.File]::GetAttributes($folder) -band 1024) -ne 0) { Stop-HostileResult -Why 'its folder is a link' }
    $api = Get-ResultApi
    # One handle for every check and for reading: what is judged is what is read. Nobody may write while it is open.
    $handle = $api.file::CreateFileW($LiteralPath, [uint32]2147614720, [uint32]1, [intptr]::Zero, [uint32]3, [uint32]2097152, [intptr]::Zero)
    if ($handle -eq [intptr]::new(-1)) { Stop-HostileResult -Why 'it cannot be opened' }
    $safe = [Microsoft.Win32.SafeHandles.SafeFileHandle]::new($handle, $true)
    try {
        $problem = Get-ResultProblem -Facts (Get-ResultFact -Api $api -Handle $handle) -UserSid $UserSid
        if ($null -ne $problem) { Stop-HostileResult -Why $problem }
        $stream = [System.IO.FileStream]::new($safe, 'Read')
        try {
            $said = ConvertFrom-ResultStream -Stream $stream
        } finally {
            $stream.Dispose()
        }
    } finally {
        $safe.Dispose()
    }
    $problem = Get-ShapeProblem -Said $said -Nonce $Nonce
    if ($null -ne $problem) { Stop-HostileResult -Why $problem }
    $said
}

function Stop-HostileResult {
    param([string]$Why)
    Write-Warning ('the result of the user is refused: ' + $Why)
    throw 'malformed-output'
}

function Get-ResultApi {
    $text = [string]
    $number = [uint32]
    $pointer = [intptr]
    @{
        file     = New-NativeType -Name 'ResultFile' -Library 'kernel32.dll' -Functions @(
            @{ name = 'CreateFileW'; returns = $pointer; parameters = @($text, $number, $number, $pointer, $number, $number, $pointer) }
            @{ name = 'GetFileInformationByHandle'; returns = [bool]; parameters = @($pointer, $pointer) }
            @{ name = 'LocalFree'; returns = $pointer; parameters = @($pointer) }
        )
        security = New-NativeType -Name 'ResultOwner' -Library 'advapi32.dll' -Functions @(
            @{ name = 'GetSecurityInfo'; returns = $number; parameters = @($pointer, [int], $number, $pointer.MakeByRefType(), $pointer, $pointer, $pointer, $pointer.MakeByRefType()) }
        )
    }
}

function Get-ResultFact {
    # Attributes, links, size and owner, all by the open handle.
    param([object]$Api, [intptr]$Handle)
    $marshal = [System.Runtime.InteropServices.Marshal]
    $information = $marshal::AllocHGlobal(52)
    try {
        if (-not $Api.file::GetFileInformationByHandle($Handle, $information)) { Stop-HostileResult -Why 'its facts cannot be read' }
        $facts = @{
            attributes = $marshal::ReadInt32($information, 0)
            links      = $marshal::ReadInt32($information, 40)
            bytes      = ([long]$marshal::ReadInt32($information, 32) * 4294967296) + ([long]$marshal::ReadInt32($information, 36) -band 4294967295)
        }
    } finally {
        $marshal::FreeHGlobal($information)
    }
    $owner = [intptr]::Zero
    $descriptor = [intptr]::Zero
    # SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION.
    if ($Api.security::GetSecurityInfo($Handle, 1, [uint32]1, [ref]$owner, [intptr]::Zero, [intptr]::Zero, [intptr]::Zero, [ref]$descriptor) -ne 0) {
        Stop-HostileResult -Why 'its owner cannot be read'
    }
    try {
        $facts['owner'] = [System.Security.Principal.SecurityIdentifier]::new($owner).Value
    } finally {
        $null = $Api.file::LocalFree($descriptor)
    }
    $facts
}

function Get-ResultProblem {
    # Why a file with these facts is not a result; nothing when it may be one.
    param([hashtable]$Facts, [string]$UserSid)
    if (($Facts['attributes'] -band 1024) -ne 0) { return 'it is a link' }
    if (($Facts['attributes'] -band 16) -ne 0) { return 'it is a folder' }
    if ($Facts['links'] -ne 1) { return 'it has a second name elsewhere' }
    if ($Facts['bytes'] -lt 2 -or $Facts['bytes'] -gt 262144) { return 'it is empty or larger than 256 KiB' }
    if (-not [string]::Equals($Facts['owner'], $UserSid, 'OrdinalIgnoreCase')) { return 'somebody else wrote it' }
}

function ConvertFrom-ResultStream {
    # The value that the file holds; its size was judged before.
    param([System.IO.FileStream]$Stream)
    $bytes = [byte[]]::new([int]$Stream.Length)
    $read = 0
    while ($read -lt $bytes.Length) {
        $more = $Stream.Read($bytes, $read, $bytes.Length - $read)
        if ($more -eq 0) { Stop-HostileResult -Why 'it ended while it was read' }
        $read += $more
    }
    try {
        $text = [System.Text.UTF8Encoding]::new($false, $true).GetString($bytes)
    } catch {
        Stop-HostileResult -Why 'a text in it is no Unicode'
    }
    try {
        ConvertFrom-StrictJson -Text $text
    } catch {
        Stop-HostileResult -Why "$($_.Exception.Message)"
    }
}

function Get-ShapeProblem {
    # Why this is not exactly one of the two results there are; nothing when it is.
    param([object]$Said, [string]$Nonce)
    if (-not ($Said -is [System.Collections.IDictionary])) { return 'it is not an object' }
    if (-not $Said.Contains('nonce') -or -not ($Said['nonce'] -is [string]) -or -not [string]::Equals($Said['nonce'], $Nonce)) { return 'it does not answer this call' }
    if (-not $Said.Contains('ok') -or -not ($Said['ok'] -is [bool])) { return 'it does not say how it ended' }
    $names = @('nonce', 'ok', 'code', 'message', 'records')
    if ($Said['ok']) { $names = @('nonce', 'ok', 'output', 'records') }
    if ($Said.Count -ne $names.Count) { return 'it has other members' }
    foreach ($name in $names) { if (-not $Said.Contains($name)) { return 'it lacks ' + $name } }
    if (-not ($Said['records'] -is [array]) -or $Said['records'].Length -gt 200) { return 'its records are no list' }
    foreach ($record in $Said['records']) {
        if (-not ($record -is [System.Collections.IDictionary]) -or $record.Count -ne 2) { return 'a record has another form' }
        if (-not ($record['stream'] -is [string]) -or -not ($record['text'] -is [string])) { return 'a record has another form' }
    }
    if ($Said['ok']) {
        if (-not ($Said['output'] -is [array])) { return 'its output is no list' }
        return
    }
    if (-not ($Said['code'] -is [string]) -or $Said['code'].Length -gt 64 -or $Said['code'] -cnotmatch '\A[a-z][a-z0-9]*(-[a-z0-9]+)*\z') { return 'its code is none' }
    if (-not ($Said['message'] -is [string])) { return 'its message is no text' }
}
