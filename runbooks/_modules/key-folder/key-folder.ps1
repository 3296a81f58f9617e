<#
.SYNOPSIS
The folder of one user's CryptoAPI key files, and which file a key container has. Needs the modules native, session and quarantine.
#>
function Get-KeyFolderPath {
    # The key folder of exactly this user, found from the profile list and from the session; refuses a profile that is not a plain local one.
    param([string]$UserSid)
    $machine = [Microsoft.Win32.Registry]::LocalMachine
    $list = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\'
    $entry = $machine.OpenSubKey($list + $UserSid)
    if ($null -eq $entry) { throw 'target-not-found' }
    if ($null -ne $machine.OpenSubKey($list + $UserSid + '.bak')) { throw 'profile-unsupported' }
    # 1 mandatory, 0x800 temporary; CentralProfile is where a roaming one is kept.
    if (([int]$entry.GetValue('State', 0) -band 0x801) -ne 0) { throw 'profile-unsupported' }
    if (-not [string]::IsNullOrEmpty($entry.GetValue('CentralProfile', ''))) { throw 'profile-unsupported' }
    $disks = $machine.OpenSubKey('SOFTWARE\FSLogix\Profiles')
    if ($null -ne $disks -and [string]::Equals("$($disks.GetValue('Enabled', 0))", '1')) { throw 'profile-unsupported' }
    $roaming = [System.IO.Path]::Combine("$($entry.GetValue('ProfileImagePath', ''))", 'AppData', 'Roaming')
    if (-not [string]::Equals($roaming, [System.Environment]::GetFolderPath('ApplicationData'), 'OrdinalIgnoreCase')) { throw 'profile-unsupported' }
    $folder = [System.IO.Path]::Combine($roaming, 'Microsoft', 'Crypto', 'RSA', $UserSid)
    Assert-PlainPath -LiteralPath $folder
    $folder
}

function Open-MachineKey {
    # $View: Registry64 or Registry32.
    param([string]$View, [bool]$Writable)
    $root = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', $View)
    try {
        $root.OpenSubKey('SOFTWARE\Microsoft\Cryptography', $Writable)
    } catch {
        throw 'access-denied'
    }
}

function Get-MachineGuid {
    # The value as text, or null.
    param([string]$View)
    $key = Open-MachineKey -View $View -Writable $false
    if ($null -eq $key) { return $null }
    $key.GetValue('MachineGuid', $null)
}

function Get-DigestApi {
    $pointer = [intptr]
    New-NativeType -Name 'Digest' -Library 'advapi32.dll' -Functions @(
        @{ name = 'MD5Init'; returns = [void]; parameters = @($pointer) }
        @{ name = 'MD5Update'; returns = [void]; parameters = @($pointer, [byte[]], [uint32]) }
        @{ name = 'MD5Final'; returns = [void]; parameters = @($pointer) }
    )
}

function Get-KeyFileName {
    # The file of a key container: MD5 of its lower-case name with a final NUL, in four little-endian numbers, and the machine's GUID.
    # Null for a name outside ASCII, whose bytes depend on the language of Windows.
    param([object]$Api, [string]$Container, [string]$MachineGuid)
    if ($Container -cmatch '[^\x20-\x7e]') { return $null }
    $bytes = [System.Text.Encoding]::ASCII.GetBytes($Container.ToLowerInvariant() + "`0")
    $marshal = [System.Runtime.InteropServices.Marshal]
    # MD5_CTX: the digest is at 88 of 104 bytes.
    $context = $marshal::AllocHGlobal(104)
    try {
        $Api::MD5Init($context)
        $Api::MD5Update($context, $bytes, [uint32]$bytes.Length)
        $Api::MD5Final($context)
        $numbers = @(foreach ($i in 0..3) { '{0:x8}' -f $marshal::ReadInt32($context, 88 + 4 * $i) })
    } finally {
        $marshal::FreeHGlobal($context)
    }
    ($numbers -join '') + '_' + $MachineGuid
}

function Read-KeyFile {
    # Names, sizes and times of the key files, without those that were set aside; null when the folder cannot be read.
    param([string]$Folder)
    try {
        $files = @([System.IO.Directory]::GetFiles($Folder))
    } catch {
        return $null
    }
    , @(foreach ($path in $files) {
            $file = [System.IO.FileInfo]::new($path)
            if ($file.Name.IndexOf('.rbk-', [StringComparison]::Ordinal) -ge 0) { continue }
            if (($file.Attributes -band [System.IO.FileAttributes]::ReparsePoint) -ne 0) { throw 'reparse-point' }
            [pscustomobject]@{ name = $file.Name; bytes = $file.Length; createdUtc = ConvertTo-UtcText -Time $file.CreationTimeUtc }
        })
}

function Resolve-KeyChange {
    # The path of a change, recomputed from the user's own folder: the folder itself or one file in it, nothing else.
    param([string]$UserSid, [object]$Change)
    $folder = Get-KeyFolderPath -UserSid $UserSid
    if ([string]::Equals($Change.action, 'quarantine-folder') -or [string]::Equals($Change.action, 'restore-acl')) {
        if (-not [string]::Equals($Change.resource, $folder, 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
        return $folder
    }
    $leaf = [System.IO.Path]::GetFileName($Change.resource)
    if ($leaf -cnotmatch '\A[0-9A-Fa-f]{32}_[0-9A-Fa-f{}-]{1,64}\z') { throw 'path-outside-root' }
    $path = [System.IO.Path]::Combine($folder, $leaf)
    if (-not [string]::Equals($Change.resource, $path, 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
    $path
}

function Set-MachineGuid {
    # Compare and swap; true when written, false when it was there already.
    param([string]$From, [string]$To)
    $key = Open-MachineKey -View 'Registry64' -Writable $true
    if ($null -eq $key) { throw 'state-drift' }
    $now = "$($key.GetValue('MachineGuid', $null))"
    if ([string]::Equals($now, $To, 'Ordinal')) { return $false }
    if (-not [string]::Equals($now, $From, 'Ordinal')) { throw 'state-drift' }
    $key.SetValue('MachineGuid', $To)
    $true
}
