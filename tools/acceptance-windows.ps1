<#
.SYNOPSIS
Records on a real Windows machine whether the facts hold that the runbooks rest on: one JSON line for the machine, one for each fact.
.DESCRIPTION
The facts are those of docs/acceptance-windows.md. Each is looked at with the runbooks' own modules. Without -Apply nothing is changed: a
fact that can only be seen by changing something is recorded as not run. With -Apply such checks make things of their own, named
fixpoint-acceptance, and remove them again. Facts that only a person can see are recorded as theirs. Runs on Windows PowerShell 5.1 and 7.
.PARAMETER Evidence
The file that the lines are added to; it is made where it is not there.
.PARAMETER Only
Comma-separated ids; all by default.
.PARAMETER Modules
The folder runbooks/_modules.
.EXAMPLE
pwsh -NoProfile -File tools/acceptance-windows.ps1 evidence.jsonl
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)][string]$Evidence = 'acceptance-windows.jsonl',
    [Parameter(Position = 1)][string]$Only = '',
    [string]$Modules = '',
    [string]$SipAddress = '',
    [switch]$Apply
)

$ErrorActionPreference = 'Stop'
$Invariant = [System.Globalization.CultureInfo]::InvariantCulture
if ($Modules -eq '') { $Modules = [System.IO.Path]::Combine($PSScriptRoot, '..', 'runbooks', '_modules') }
foreach ($module in 'native', 'session', 'certificates', 'quarantine', 'key-folder', 'folder-rights', 'task-scheduler', 'user-session') {
    $folder = [System.IO.Path]::Combine($Modules, $module)
    if (-not [System.IO.Directory]::Exists($folder)) { continue }
    foreach ($file in [System.IO.Directory]::GetFiles($folder)) {
        if ($file.EndsWith('.ps1')) { . ([scriptblock]::Create([System.IO.File]::ReadAllText($file))) }
    }
}

function ConvertTo-EvidenceText([object]$Value) {
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [bool]) { return $Value.ToString().ToLowerInvariant() }
    if ($Value -is [int] -or $Value -is [long]) { return $Value.ToString($Invariant) }
    $text = [System.Text.StringBuilder]::new()
    foreach ($character in "$Value".ToCharArray()) {
        $number = [int]$character
        if ($number -lt 32 -or $number -gt 126 -or $number -eq 34 -or $number -eq 92) { $null = $text.Append('\u' + $number.ToString('x4')) } else { $null = $text.Append($character) }
    }
    '"' + $text.ToString() + '"'
}

function Add-Evidence([System.Collections.Specialized.OrderedDictionary]$Line) {
    $members = @(foreach ($name in $Line.Keys) { (ConvertTo-EvidenceText $name) + ':' + (ConvertTo-EvidenceText $Line[$name]) })
    [System.IO.File]::AppendAllText($Evidence, '{' + ($members -join ',') + "}`n", [System.Text.UTF8Encoding]::new($false))
}

function Get-Now { [datetime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.fffZ', $Invariant) }

function Test-Fact {
    # A body emits @{ holds; seen }. What changes something runs only with -Apply.
    param([string]$Id, [string]$Expected, [bool]$Changes, [scriptblock]$Body)
    if ($Only -ne '' -and $Only.Split(',') -notcontains $Id) { return }
    $line = [ordered]@{ kind = 'fact'; id = $Id; at = (Get-Now); command = "$Body".Trim(); expected = $Expected; changes = $Changes; result = 'not-run'; seen = '' }
    if ($Changes -and -not $Apply) { $line.seen = 'changes something: run with -Apply' } else {
        try {
            $said = & $Body
            $line.result = if ($said.holds) { 'holds' } else { 'does-not-hold' }
            $line.seen = $said.seen
        } catch {
            $line.result = 'error'
            $line.seen = "$($_.FullyQualifiedErrorId): $($_.Exception.Message)"
        }
    }
    Add-Evidence $line
}

function Add-Question {
    # A fact that only a person can see; the answer is written beside the line.
    param([string]$Id, [string]$Expected, [string]$How)
    if ($Only -ne '' -and $Only.Split(',') -notcontains $Id) { return }
    Add-Evidence ([ordered]@{ kind = 'fact'; id = $Id; at = (Get-Now); command = $How; expected = $Expected; changes = $false; result = 'by-hand'; seen = '' })
}

function Get-OwnSid { [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value }

function Get-FullName { [System.Net.Dns]::GetHostEntry('').HostName }

function Read-WsmanMember([string]$Path) {
    # What a folder of the configuration of WinRM has, by name. Needs elevation.
    $members = @{}
    foreach ($one in @(Get-ChildItem -Path $Path)) { $members[$one.Name] = "$($one.Value)" }
    $members
}

function Test-Elevated { [System.Security.Principal.WindowsPrincipal]::new([System.Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator) }

$digest = [System.Security.Cryptography.SHA256]::Create().ComputeHash([System.IO.File]::ReadAllBytes($PSCommandPath))
Add-Evidence ([ordered]@{
        kind     = 'machine'
        at       = (Get-Now)
        script   = [System.BitConverter]::ToString($digest).Replace('-', '').ToLowerInvariant()
        name     = [System.Environment]::MachineName
        os       = [System.Environment]::OSVersion.VersionString
        engine   = "$($PSVersionTable.PSEdition) $($PSVersionTable.PSVersion)"
        language = "$($ExecutionContext.SessionState.LanguageMode)"
        culture  = [System.Globalization.CultureInfo]::CurrentUICulture.Name
        sid      = (Get-OwnSid)
        elevated = (Test-Elevated)
        session  = [System.Diagnostics.Process]::GetCurrentProcess().SessionId
        applies  = [bool]$Apply
    })

# --- engine and modules
Test-Fact 'ENGINE-1' 'ordinal comparison tells look-alikes apart' $false {
    $same = [string]::Equals('admin', ('ad' + [char]0xAD + 'min'), 'Ordinal')
    @{ holds = -not $same; seen = "soft hyphen equal: $same; the operator says $('admin' -ceq ('ad' + [char]0xAD + 'min'))" }
}
Test-Fact 'ENGINE-2' 'a native call built by Reflection.Emit is allowed' $false {
    $api = New-NativeType -Name 'Acceptance' -Library 'kernel32.dll' -Functions @(@{ name = 'GetCurrentProcessId'; returns = [uint32]; parameters = @() })
    $number = $api::GetCurrentProcessId()
    @{ holds = $number -eq [System.Diagnostics.Process]::GetCurrentProcess().Id; seen = "GetCurrentProcessId answered $number" }
}
Add-Question 'ENGINE-3' 'endpoint protection and AppLocker do not object to ENGINE-2' 'Look at their logs for the time of ENGINE-2.'
Add-Question 'ENGINE-4' 'Windows OpenSSH with Subsystem powershell serves the worker, and a refusal differs from being down' 'Run the worker against it; then with a wrong host key, and a wrong user key.'
Add-Question 'ENGINE-5' 'a phase that was cut off has ended within reconcileAfter' 'End the worker in a phase that waits a minute; look when its process is gone.'
Add-Question 'ENGINE-6' 'a target clock 6 min off is refused as clock-skew by the worker' 'Set a test machine 6 min ahead; submit anything.'
Add-Question 'DESKTOP-1' 'each phase and module that comes to targets runs on Windows PowerShell 5.1, with user session task too' 'Add the machine with --winrm; for each runbook plan, apply and roll back a change, once with userSession direct and once with task. Look for script-error.'

# --- Windows over WinRM
Add-Question 'WINRM-1' 'Kerberos over HTTP (5985): the turned token is opened by Windows, and that of Windows by the worker (krb5 1.20.1-2+deb12u5), with AES-SHA1 and AES-SHA2 and an answer of 1 MB' 'fixpoint target test of a target of --winrm; then a runbook whose findings have 1 MB; again with msDS-SupportedEncryptionTypes that allow SHA-2 (Windows Server 2025).'
Test-Fact 'WINRM-2' 'the service WinRM runs, and a listener is there and enabled' $false {
    $service = Get-Service -Name WinRM
    $listeners = @(foreach ($one in @(Get-ChildItem WSMan:\localhost\Listener)) {
            $members = Read-WsmanMember $one.PSPath
            "$($members.Transport) $($members.Port) enabled=$($members.Enabled)"
        })
    @{ holds = "$($service.Status)" -eq 'Running' -and @($listeners -match 'enabled=true').Count -gt 0; seen = "$($service.Status), start $($service.StartType); listeners: $($listeners -join ' | ')" }
}
Test-Fact 'WINRM-3' 'the session configuration Microsoft.PowerShell is there and enabled' $false {
    $found = @(foreach ($one in @(Get-ChildItem WSMan:\localhost\Plugin)) {
            if ($one.Name -match '\A(Microsoft\.PowerShell\z|PowerShell\.)') { "$($one.Name) enabled=$((Read-WsmanMember $one.PSPath).Enabled)" }
        })
    @{ holds = @($found -match '\AMicrosoft\.PowerShell enabled=true\z').Count -eq 1; seen = $found -join ' | ' }
}
Test-Fact 'WINRM-4' 'the service takes Kerberos, and no message in clear' $false {
    $service = Read-WsmanMember 'WSMan:\localhost\Service'
    $auth = Read-WsmanMember 'WSMan:\localhost\Service\Auth'
    $shown = @(foreach ($name in 'Kerberos', 'Negotiate', 'Basic', 'Certificate', 'CredSSP', 'CbtHardeningLevel') { "$name=$($auth[$name])" })
    @{ holds = $auth['Kerberos'] -eq 'true' -and $service['AllowUnencrypted'] -eq 'false'; seen = "AllowUnencrypted=$($service['AllowUnencrypted']); $($shown -join ', ')" }
}
Test-Fact 'WINRM-5' 'shells, users, idle time and envelopes have the limits that the guide names, or larger ones' $false {
    $limits = Read-WsmanMember 'WSMan:\localhost\Shell'
    $limits['MaxEnvelopeSizekb'] = "$((Get-Item WSMan:\localhost\MaxEnvelopeSizekb).Value)"
    $least = [ordered]@{ MaxShellsPerUser = 30; MaxConcurrentUsers = 10; IdleTimeout = 900000; MaxEnvelopeSizekb = 500 }
    $smaller = @(foreach ($name in $least.Keys) { if ([long]$limits[$name] -lt $least[$name]) { $name } })
    @{ holds = $smaller.Count -eq 0; seen = @(foreach ($name in $least.Keys) { "$name=$($limits[$name])" }) -join ', ' }
}
Test-Fact 'WINRM-6' 'the computer account has the SPN HOST/<full name>, and AES among its encryption types' $false {
    $search = [System.DirectoryServices.DirectorySearcher]::new('(&(objectCategory=computer)(sAMAccountName=' + [System.Environment]::MachineName + '$))')
    $account = $search.FindOne()
    $names = @($account.Properties['serviceprincipalname'])
    $types = [int]@($account.Properties['msds-supportedencryptiontypes'])[0]
    @{ holds = $names -contains "HOST/$(Get-FullName)" -and ($types -band 24) -ne 0; seen = "SPNs: $($names -join ' | '); encryption types: $types" }
}
Test-Fact 'WINRM-7' 'each listener with TLS has a valid certificate for the full name, with its private key' $false {
    $listeners = @(foreach ($one in @(Get-ChildItem WSMan:\localhost\Listener)) { $members = Read-WsmanMember $one.PSPath; if ($members.Transport -eq 'HTTPS') { $members } })
    $good = @(foreach ($listener in $listeners) {
            $thumbprint = "$($listener.CertificateThumbprint)".Replace(' ', '')
            foreach ($one in @(Get-ChildItem Cert:\LocalMachine\My)) {
                if ($one.Thumbprint -eq $thumbprint -and $one.HasPrivateKey -and $one.NotAfter -gt [datetime]::Now -and $one.DnsNameList.Unicode -contains (Get-FullName)) { "$($one.Subject) until $($one.NotAfter.ToString('s', $Invariant)) $($one.SignatureAlgorithm.FriendlyName)" }
            }
        })
    @{ holds = $listeners.Count -gt 0 -and $good.Count -eq $listeners.Count; seen = "listeners with TLS: $($listeners.Count); good: $($good -join ' | ')" }
}
Add-Question 'WINRM-8' 'NTLM seals over HTTP with a local and a domain account, also where NtlmMinServerSec demands 128 bits; where NTLM is blocked the answer is sign-in-refused' 'Development mode, --auth ntlm; then the policy that restricts incoming NTLM traffic.'
Add-Question 'WINRM-9' 'with CbtHardeningLevel Strict Kerberos, NTLM and negotiate sign in over TLS, with certificates of SHA-256, SHA-384 and RSA-PSS' 'Set-Item WSMan:\localhost\Service\Auth\CbtHardeningLevel Strict; fixpoint target test for each of the three and each certificate.'
Add-Question 'WINRM-10' 'a client certificate signs in, also where the machine has TLS 1.3' 'Follow docs/guides/windows-targets.md; --auth certificate.'
Add-Question 'WINRM-11' 'a missing endpoint, an account without the right, an endpoint of JEA and 30 open shells answer with the faults that the engine knows, and become the codes of the guide' 'fixpoint target test in turn: --configuration Nothing; an account outside the groups; a JEA endpoint; 30 sessions left open. Note the numbers of the faults.'
Add-Question 'WINRM-12' 'a phase of 5 minutes without output ends as it should, and a session that rested for 130 s is used again (http.sys closes its connections after 120 s)' 'A runbook that sleeps; look at requests that were repeated.'
Add-Question 'WINRM-13' 'a shell of a worker that was killed is gone after 15 minutes' 'Kill the engine in a phase while the network is cut; Get-WSManInstance -ResourceURI Shell -Enumerate.'
Add-Question 'WINRM-14' 'a restart of the machine in an Apply makes the job unknown, then it is reconciled' 'Restart-Computer -Force from another session while a change is applied.'
Add-Question 'WINRM-15' 'a stop, and the end of a shell, end a native program that the phase started' 'A runbook that starts ping -t; cancel it; then kill the worker. Look for the process.'
Add-Question 'WINRM-16' 'a parameter and an answer of 5 MB cross unchanged, in envelopes of 500 kB' 'A runbook that returns the digest of a parameter, then the parameter.'
Add-Question 'WINRM-17' 'a wrong clock, a ticket that ends in a long session and a changed password have the codes of the guide' 'Set the clock 6 min ahead; a ticket of 10 min (maximum lifetime in the domain policy); change the password after ktpass.'
Add-Question 'WINRM-18' 'an IPv6 address, a CNAME and a load balancer are reached with --spn, and refused without' '--winrm with each of them; fixpoint target test.'
Add-Question 'WINRM-19' 'in FIPS mode Kerberos over HTTP and over TLS works' 'Switch on the policy for FIPS compliant algorithms, restart; WINRM-1.'
Add-Question 'WINRM-20' 'the sign-in by requests without a body is taken over TLS as over HTTP' 'fixpoint target test of a target with --ca, with Kerberos and with NTLM.'

# --- clear-credential-vault
Test-Fact 'VAULT-1' 'entries of the client are named Microsoft_OC1:uri=<address>:specific:OCS|EWS:<n>' $false {
    $names = @(foreach ($entry in @(Read-VaultEntry -Api (Get-VaultApi) -Prefix 'Microsoft_OC1:')) { "$($entry.type) $($entry.targetName)" })
    $odd = @(foreach ($name in $names) { if ($name -cnotmatch '\A[0-9]+ Microsoft_OC1:uri=[^:]+:specific:[A-Z]+:[0-9]{1,3}\z') { $name } })
    @{ holds = $names.Count -gt 0 -and $odd.Count -eq 0; seen = "names: $($names -join ' | '); of another form: $($odd.Count)" }
}
Test-Fact 'VAULT-2' 'which MicrosoftOffice15_Data and MicrosoftOffice16_Data entries are there' $false {
    $names = @(foreach ($prefix in 'MicrosoftOffice15_Data:', 'MicrosoftOffice16_Data:') { foreach ($entry in @(Read-VaultEntry -Api (Get-VaultApi) -Prefix $prefix)) { $entry.targetName } })
    @{ holds = $true; seen = $names -join ' | ' }
}
Test-Fact 'VAULT-3' 'in a network logon (SSH, WinRM) the vault answers 1312, which is wrong-logon-session' $false {
    $seen = 'entries were read'
    try { $null = @(Read-VaultEntry -Api (Get-VaultApi) -Prefix 'Microsoft_OC1:') } catch { $seen = $_.FullyQualifiedErrorId }
    @{ holds = $seen -eq 'wrong-logon-session'; seen = "$seen; run it over SSH: at a desktop it does not hold, and should not" }
}
Test-Fact 'VAULT-4' 'a removed entry is gone for another look, and a second removal says so' $true {
    $name = 'fixpoint-acceptance:uri=nobody:specific:OCS:1'
    & "$env:SystemRoot\System32\cmdkey.exe" "/generic:$name" '/user:nobody' '/pass:nothing' | Out-Null
    $api = Get-VaultApi
    $there = @(Read-VaultEntry -Api $api -Prefix $name).Count
    $first = Remove-VaultEntry -Api $api -TargetName $name -Type ([uint32]1)
    $second = Remove-VaultEntry -Api $api -TargetName $name -Type ([uint32]1)
    @{ holds = $there -eq 1 -and $first -and -not $second -and @(Read-VaultEntry -Api $api -Prefix $name).Count -eq 0; seen = "made $there, removed $first, again $second" }
}
Add-Question 'VAULT-5' 'under the policy that forbids stored credentials the answer is 5, which is vault-policy' 'Set "Do not allow storage of passwords and credentials"; run VAULT-1.'
Add-Question 'VAULT-6' 'after the removal the client asks for the password and writes a new entry' 'Run the runbook, sign in, run VAULT-1.'

# --- renew-user-certificate
Test-Fact 'CERT-1' 'the subject of each certificate issued by CN=Communications Server is CN=<sign-in address>' $false {
    $found = @(foreach ($one in @(Read-UserCertificate -Api (Get-StoreApi))) { if ([string]::Equals($one.issuer, 'CN=Communications Server', 'Ordinal')) { $one } })
    $other = @(foreach ($one in $found) { if ($SipAddress -eq '' -or -not [string]::Equals($one.subject, 'CN=' + $SipAddress, 'OrdinalIgnoreCase')) { $one.subject } })
    @{ holds = $found.Count -gt 0 -and $other.Count -eq 0; seen = "found $($found.Count); subjects that differ from -SipAddress: $($other -join ' | ')" }
}
Test-Fact 'CERT-2' 'a certificate removed with a commit is gone for a store that is opened afterwards' $true {
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=fixpoint-acceptance', [System.Security.Cryptography.RSA]::Create(2048), [System.Security.Cryptography.HashAlgorithmName]::SHA256, [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $made = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new($request.CreateSelfSigned([datetimeoffset]::UtcNow.AddDays(-1), [datetimeoffset]::UtcNow.AddDays(1)).RawData)
    $store = [System.Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
    $store.Open('ReadWrite'); $store.Add($made); $store.Close()
    $kept = Remove-UserCertificate -Api (Get-StoreApi) -Thumbprint $made.Thumbprint
    $left = @(foreach ($one in @(Read-UserCertificate -Api (Get-StoreApi))) { if ($one.thumbprint -eq $made.Thumbprint) { $one } }).Count
    @{ holds = "$kept".Length -gt 100 -and $left -eq 0; seen = "public part kept: $("$kept".Length) characters; still there: $left" }
}
Add-Question 'CERT-3' 'the issuer does not backdate NotBefore of a new certificate' 'Note the time, sign in, compare with CERT-1 and certmgr.msc.'
Add-Question 'CERT-4' 'the client enrols a new certificate at the next sign-in' 'Run the runbook, sign in, run CERT-1.'
Add-Question 'CERT-5' 'credential roaming does not bring a removed certificate back' 'On an estate that has it: run the runbook, sign off and on, run CERT-1.'

# --- remove-rsa-key-folder, purge-quarantine
Test-Fact 'KEY-1' 'MachineGuid has no braces, and the 32-bit view has none of its own' $false {
    $guid = Get-MachineGuid -View 'Registry64'
    $other = Get-MachineGuid -View 'Registry32'
    @{ holds = "$guid" -cmatch '\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z' -and ($null -eq $other -or $other -ceq $guid); seen = "64 bit: $guid; 32 bit: $other" }
}
Test-Fact 'KEY-2' 'key files end in _<MachineGuid>, and a certificate names its file as MD5 of its lower-case container with a final NUL' $false {
    $guid = Get-MachineGuid -View 'Registry64'
    $files = @(foreach ($file in @(Read-KeyFile -Folder (Get-KeyFolderPath -UserSid (Get-OwnSid)))) { if ($null -ne $file) { $file } })
    $ending = @(foreach ($file in $files) { if ($file.name.EndsWith('_' + $guid, [System.StringComparison]::OrdinalIgnoreCase)) { $file } }).Count
    $named = 0; $found = 0
    foreach ($one in @(Read-UserCertificate -Api (Get-StoreApi))) {
        if ($null -eq $one.container) { continue }
        $named++
        $name = Get-KeyFileName -Api (Get-DigestApi) -Container $one.container -MachineGuid $guid
        foreach ($file in $files) { if ([string]::Equals($file.name, "$name", 'OrdinalIgnoreCase')) { $found++ } }
    }
    @{ holds = $files.Count -gt 0 -and $ending -eq $files.Count -and $found -eq $named; seen = "files $($files.Count), with the GUID $ending; certificates with a CryptoAPI key $named, their files found $found" }
}
Test-Fact 'KEY-3' 'the profile of the user is found from the profile list, and is a plain local one' $false {
    @{ holds = $true; seen = Get-KeyFolderPath -UserSid (Get-OwnSid) }
}
Test-Fact 'KEY-4' 'owner and access list of the key folder can be read as SDDL' $false {
    $rights = Get-FolderRights -Api (Get-RightsApi) -LiteralPath (Get-KeyFolderPath -UserSid (Get-OwnSid))
    @{ holds = "$($rights.ownerSid)" -ceq (Get-OwnSid); seen = "owner $($rights.ownerSid), inherits $($rights.inherited), $($rights.sddl)" }
}
Test-Fact 'KEY-5' 'owner and inheritance are set and put back, SDDL for SDDL' $true {
    $folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'fixpoint-acceptance-' + [guid]::NewGuid().ToString('N'))
    $null = [System.IO.Directory]::CreateDirectory($folder)
    try {
        $api = Get-RightsApi
        $before = Get-FolderRights -Api $api -LiteralPath $folder
        Set-FolderRights -Api $api -LiteralPath $folder -Sddl ('O:' + (Get-OwnSid) + 'D:P(A;OICI;FA;;;' + (Get-OwnSid) + ')') -Inherit $false
        $closed = Get-FolderRights -Api $api -LiteralPath $folder
        Set-FolderRights -Api $api -LiteralPath $folder -Sddl $before.sddl -Inherit $true
        $after = Get-FolderRights -Api $api -LiteralPath $folder
        @{ holds = -not $closed.inherited -and $after.inherited; seen = "before $($before.sddl) | closed $($closed.sddl) | after $($after.sddl)" }
    } finally { [System.IO.Directory]::Delete($folder, $true) }
}
Test-Fact 'KEY-6' 'a junction in the path is refused as reparse-point, and what it leads to is left alone' $true {
    $folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'fixpoint-acceptance-' + [guid]::NewGuid().ToString('N'))
    $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($folder, 'real'))
    try {
        & "$env:SystemRoot\System32\cmd.exe" /c mklink /J "$folder\link" "$folder\real" | Out-Null
        $seen = 'nothing was refused'
        try { Assert-PlainPath -LiteralPath "$folder\link\key" } catch { $seen = $_.FullyQualifiedErrorId }
        [System.IO.Directory]::Delete("$folder\link", $false)
        @{ holds = $seen -eq 'reparse-point' -and [System.IO.Directory]::Exists("$folder\real"); seen = $seen }
    } finally { [System.IO.Directory]::Delete($folder, $true) }
}
Test-Fact 'KEY-7' 'a file that is held open makes its folder answer user-logged-on, and nothing is renamed' $true {
    $folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'fixpoint-acceptance-' + [guid]::NewGuid().ToString('N'))
    $null = [System.IO.Directory]::CreateDirectory($folder)
    $held = [System.IO.File]::Open([System.IO.Path]::Combine($folder, 'key'), 'Create', 'ReadWrite', 'None')
    try {
        $seen = 'it was renamed'
        try { $null = Move-Leaf -From $folder -To ($folder + '.rbk') } catch { $seen = $_.FullyQualifiedErrorId }
        @{ holds = $seen -eq 'user-logged-on' -and [System.IO.Directory]::Exists($folder); seen = $seen }
    } finally { $held.Dispose(); foreach ($path in $folder, ($folder + '.rbk')) { if ([System.IO.Directory]::Exists($path)) { [System.IO.Directory]::Delete($path, $true) } } }
}
Add-Question 'KEY-8' 'EFS\CurrentKeys\CertificateHash is there exactly when Windows has an encryption certificate for the user' 'Encrypt a file (cipher /e), look with regedit; compare with a user who never did.'
Add-Question 'KEY-9' 'lsass does not hold the folder of a user who is logged on (or user-logged-on says so)' 'Run step 4 while the user works; then after a sign-off.'
Add-Question 'KEY-10' 'the client makes a new key file at the next sign-in after step 3 and step 4' 'Run them, sign in, run KEY-2.'
Add-Question 'KEY-11' 'roaming, mandatory, temporary and FSLogix profiles are refused as profile-unsupported' 'Run KEY-3 as such a user: it must be an error of that name.'
Add-Question 'PURGE-1' 'the user may remove what was set aside in their own profile, read-only and hidden files too' 'Step 4, then purge-quarantine after the retention.'
Add-Question 'PURGE-2' 'a folder that was set aside and put back holds working keys' 'Step 4, rollback, decrypt a file and open a signed mail.'

# --- phases as the signed-in user
Test-Fact 'SESSION-1' 'the Task Scheduler answers late bound, and knows nothing of a task that is not there' $false {
    $task = Read-UserTask -Name ('fixpoint-' + ('0' * 32))
    @{ holds = $null -eq $task; seen = 'asked for a task that is not there' }
}
Test-Fact 'SESSION-2' 'who is logged on where is found by the owners of explorer.exe' $false {
    $sessions = @(Get-LogonSession -UserSid (Get-OwnSid))
    @{ holds = $sessions.Count -gt 0; seen = "sessions of this user: $($sessions -join ', '); over SSH it must be the session of the desktop, none when signed off" }
}
Test-Fact 'SESSION-3' 'an administrator registers a task for a SID without a password; RunEx starts it in that session; its code is read' $true {
    $name = 'fixpoint-' + [guid]::NewGuid().ToString('N')
    $sessions = @(Get-LogonSession -UserSid (Get-OwnSid))
    Register-UserTask -Name $name -UserSid (Get-OwnSid) -Command "$env:SystemRoot\System32\cmd.exe" -Arguments '/c exit 7' -LimitSeconds 30
    try {
        $before = Read-UserTask -Name $name
        Start-UserTask -Name $name -SessionId $sessions[0]
        $after = $before
        for ($i = 0; $i -lt 100 -and $after.result -ne 7; $i++) { Start-Sleep -Milliseconds 100; $after = Read-UserTask -Name $name }
        @{ holds = $before.result -eq 267011 -and $after.result -eq 7 -and $after.state -eq 'ready'; seen = "before: $($before.state) $($before.result); after: $($after.state) $($after.result)" }
    } finally { Unregister-UserTask -Name $name }
}
Test-Fact 'SESSION-4' 'the module user-session runs a phase as the user and reads its result: owner, one name, size, nonce' $true {
    $phase = '[CmdletBinding()] param($Parameters) [ordered]@{ sid = [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value; said = $Parameters.text }'
    $modules = @(foreach ($file in 'native/native.ps1', 'user-session/user-side.ps1') {
            $text = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($Modules, $file))
            [pscustomobject]@{ text = $text; sha256 = (Get-TextDigest -Text $text) }
        })
    $call = [pscustomobject]@{
        jobId = [guid]::NewGuid().ToString('N'); nonce = [guid]::NewGuid().ToString('N'); userSid = (Get-OwnSid); waitSeconds = [long]60
        phase = [pscustomobject]@{ text = $phase; sha256 = (Get-TextDigest -Text $phase) }; modules = $modules
        values = [pscustomobject]@{ Parameters = [pscustomobject]@{ text = "o'brien" } }
    }
    $said = Invoke-UserPhase -Call $call
    @{ holds = "$($said.sid)" -ceq (Get-OwnSid) -and "$($said.said)" -ceq "o'brien"; seen = "$($said.sid) said $($said.said)" }
}
Test-Fact 'SESSION-5' 'which execution policy a group policy sets: -ExecutionPolicy Bypass does not override it' $false {
    $machine = [Microsoft.Win32.Registry]::GetValue('HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\PowerShell', 'ExecutionPolicy', $null)
    $user = [Microsoft.Win32.Registry]::GetValue('HKEY_CURRENT_USER\SOFTWARE\Policies\Microsoft\Windows\PowerShell', 'ExecutionPolicy', $null)
    @{ holds = $null -eq $machine -and $null -eq $user; seen = "machine policy: $machine; user policy: $user; with AllSigned run SESSION-4" }
}
Add-Question 'SESSION-6' 'RunEx for a user who is not logged on answers 0x80041320, and nothing runs' 'SESSION-3 with the SID of such a user.'
Add-Question 'SESSION-7' 'the user cannot change in, cannot make folders or junctions in out, and cannot start the task by hand' 'As the user, while a long phase runs: try each.'
Add-Question 'SESSION-8' 'a file that an administrator with a limited token writes in out belongs to that user, not to Administrators' 'SESSION-4 for a user who is an administrator.'
Add-Question 'SESSION-9' 'with two sessions of one user the one that was named is used' 'Remote Desktop host with two sessions; SESSION-3.'
Add-Question 'SESSION-10' 'the time limit ends the task, and code 267014 or no result is read as a result that was lost' 'A phase that waits longer than its timeout.'
Add-Question 'SESSION-11' 'a worker that dies in such a change leaves user-session-busy until the task is over, then is reconciled' 'End the worker in such a phase.'

# --- enable-sip-user, update-ad-attribute
Test-Fact 'SIP-1' 'the msRTCSIP attributes of the schema have the OIDs, syntaxes and flags of the laboratory' $false {
    $root = [adsi]'LDAP://RootDSE'
    $search = [System.DirectoryServices.DirectorySearcher]::new([adsi]("LDAP://$($root.schemaNamingContext)"), '(lDAPDisplayName=msRTCSIP-*)')
    $search.PageSize = 500
    $lines = @(foreach ($found in $search.FindAll()) { $p = $found.Properties; "$($p['ldapdisplayname'][0]) $($p['attributeid'][0]) $($p['attributesyntax'][0])/$($p['omsyntax'][0]) single=$($p['issinglevalued'][0]) search=$($p['searchflags'][0]) gc=$($p['ismemberofpartialattributeset'][0])" })
    @{ holds = $lines.Count -gt 0; seen = $lines -join ' | ' }
}
Test-Fact 'SIP-2' 'where a live server keeps its pools' $false {
    $root = [adsi]'LDAP://RootDSE'
    $places = @("CN=RTC Service,CN=Services,$($root.configurationNamingContext)", "CN=RTC Service,CN=Microsoft,CN=System,$($root.rootDomainNamingContext)")
    $there = @(foreach ($place in $places) { if ([System.DirectoryServices.DirectoryEntry]::Exists("LDAP://$place")) { $place } })
    @{ holds = $there.Count -gt 0; seen = "there: $($there -join ' | '); expected only where a server is or was" }
}
Test-Fact 'SIP-3' 'allowedAttributesEffective of an object names what this account may write' $false {
    $me = [adsi]("LDAP://<SID=$(Get-OwnSid)>")
    $me.RefreshCache([string[]]@('allowedAttributesEffective'))
    @{ holds = $true; seen = "$($me.Properties['allowedAttributesEffective'].Count) attributes of the own object" }
}
Add-Question 'SIP-4' 'a modify that deletes the old value and adds the new one answers 16 when the old value is another, and changes nothing' 'update-ad-attribute on a test user; change the value between plan and approval.'
Add-Question 'SIP-5' 'a write on a read-only controller answers Referral and is refused as read-only-replica' 'Pin such a controller in the target.'
Add-Question 'SIP-6' 'a search of more than 1,000 objects is complete' 'enable-sip-user over a search base of more than 1,000 affected test users (raise maxObjects; do not approve).'
Add-Question 'SIP-7' 'an object with more than 1,500 proxyAddresses is read whole or refused' 'update-ad-attribute Detect on such a test object.'
Add-Question 'SIP-8' 'a certificate of the directory whose name or issuer is another is refused, with the pinned CA' 'Pin the CA, then another one.'
Add-Question 'SIP-9' 'the reading account sees tokenGroups of a user, or membership alone refuses the account' 'update-ad-attribute Detect on members of Domain Admins: direct, nested, by primary group.'

# --- directory with Kerberos
Add-Question 'KERB-1' 'a target of --ldap signs in with a keytab from ktpass, and target test passes' 'Follow docs/guides/credentials.md; fixpoint target test <name>.'
Add-Question 'KERB-2' 'it does so where the controller demands LDAP signing, and channel binding for LDAPS' 'Set LDAPServerIntegrity to 2 and LdapEnforceChannelBinding to 2; run KERB-1.'
Add-Question 'KERB-3' 'an account and a controller that are allowed AES alone sign in; an account that has RC4 alone is refused' 'Set msDS-SupportedEncryptionTypes to 24, then to 4; run KERB-1.'
Add-Question 'KERB-4' 'a simple bind over LDAPS still works where channel binding is demanded, or is refused with a code' 'With the settings of KERB-2: fixpoint target test of a target of --ldaps.'
Add-Question 'KERB-5' 'the log of the controller (4624, 2889) shows a sealed Kerberos sign-in and no simple bind' 'Read both logs for the time of KERB-1.'
Add-Question 'KERB-6' 'a modify over the sealed connection to 389 answers as over LDAPS, and a search of the catalog at 3268 works' 'Run enable-sip-user for a test user on a target of --ldap; roll it back.'
Add-Question 'KERB-7' 'a locked, disabled or expired account is kerberos-refused with the word that fits' 'Lock, disable and expire a test account in turn; run KERB-1.'

# --- trigger-directory-sync
Test-Fact 'SYNC-1' 'the ADSync module loads here, and Get-ADSyncScheduler has the members that the runbook reads' $false {
    Import-Module ADSync -ErrorAction Stop
    $scheduler = Get-ADSyncScheduler
    $missing = @(foreach ($name in 'SyncCycleEnabled', 'SyncCycleInProgress', 'SchedulerSuspended', 'StagingModeEnabled', 'NextSyncCyclePolicyType', 'NextSyncCycleStartTimeInUTC') { if ($null -eq $scheduler.PSObject.Properties[$name]) { $name } })
    @{ holds = $missing.Count -eq 0; seen = "missing: $($missing -join ', ')" }
}
Test-Fact 'SYNC-2' 'the results of the last runs have the members that the runbook reads' $false {
    $run = @(Get-ADSyncRunProfileResult -NumberRequested 1)[0]
    @{ holds = $null -ne $run; seen = @(foreach ($property in $run.PSObject.Properties) { "$($property.Name)=$($property.Value)" }) -join ' | ' }
}
Test-Fact 'SYNC-3' 'nothing runs is an empty Get-ADSyncConnectorRunStatus, and the deletion threshold can be read' $false {
    @{ holds = $true; seen = "running: $(@(Get-ADSyncConnectorRunStatus).Count); threshold: $(Get-ADSyncExportDeletionThreshold | Out-String)" }
}
Test-Fact 'SYNC-4' 'a start answers Success at once, and a second one while it runs says it is busy' $true {
    $first = Start-ADSyncSyncCycle -PolicyType Delta
    $second = 'it was accepted'
    try { $second = "$((Start-ADSyncSyncCycle -PolicyType Delta).Result)" } catch { $second = "$($_.Exception.GetType().FullName): $($_.Exception.Message)" }
    @{ holds = "$($first.Result)" -eq 'Success' -and $second -match 'busy|in progress'; seen = "first $($first.Result); second $second" }
}
Add-Question 'SYNC-5' 'a member of ADSyncOperators may start a cycle and read its results over SSH' 'As such an account: SYNC-1 to SYNC-4.'
Add-Question 'SYNC-6' 'a staging server says Success and exports nothing; a suspended scheduler refuses or does nothing' 'On a test host: both, with trigger-directory-sync.'
Add-Question 'SYNC-7' 'the result texts of an export with errors and of one over the deletion threshold' 'On a test host: a duplicate address; a threshold of 1 and two deletions. Note Result of each run.'
Add-Question 'SYNC-8' 'Get-ADSyncCSObject finds an object of the tenant by the DistinguishedName that the runbook builds, and names its last export' 'On a test host, after a change of one user.'
Add-Question 'SYNC-9' 'msRTCSIP attributes are exported to the tenant' 'enable-sip-user, trigger-directory-sync, then the user in the tenant.'
Add-Question 'SYNC-10' 'Get-ADSyncConnector names exactly the connectors that exist, as the run results name them' 'Compare it with ConnectorName of Get-ADSyncRunProfileResult after a connector was removed.'

# --- endpoints of their own (JEA)
Add-Question 'JEA-1' 'an endpoint that was made as docs/guides/jea.md says opens for a member of its group, on Windows PowerShell 5.1 and on PowerShell 7' 'Make both on a test machine; fixpoint target test with --configuration for each.'
Add-Question 'JEA-2' 'its virtual account is an administrator of the machine, and ends the process of a phase that does not stop' 'target test names the elevation; then a phase that waits an hour in one call, with a timeout of 1 min.'
Add-Question 'JEA-3' 'an account outside the group is refused as endpoint-denied, and a name that is not registered as endpoint-missing' 'target test with such an account, and with such a name.'
Add-Question 'JEA-4' 'a transcript of each session is in its folder, and no password is in it' 'Run a job; read the folder.'
Add-Question 'JEA-5' 'trigger-directory-sync runs at an endpoint whose virtual account has the group ADSyncOperators alone' 'On a test host: the session configuration with --account-group ADSyncOperators; then SYNC-4 as a job.'

Add-Evidence ([ordered]@{ kind = 'end'; at = (Get-Now) })
