<#
.SYNOPSIS
Finds the affected users: explicitly not enabled though they have a SIP address, and no live server owns them. Reads only.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [pscredential]$Credential, [object]$Connection)

$named = @()
if ($null -ne $Parameters.PSObject.Properties['users']) { $named = @($Parameters.users) }
$searches = $null -ne $Parameters.PSObject.Properties['searchBase']
$cap = 1
if ($null -ne $Parameters.PSObject.Properties['maxObjects']) { $cap = $Parameters.maxObjects }
$clears = $null -ne $Parameters.PSObject.Properties['method'] -and [string]::Equals($Parameters.method, 'clear')
$resources = $null -ne $Parameters.PSObject.Properties['resourceForest'] -and $Parameters.resourceForest
if (($named.Length -gt 0) -eq $searches) { throw 'invalid-value' }
if ($named.Length -gt $cap) { throw 'cap-exceeded' }

$warnings = @('whether these users have a licence was not checked')
$users = @()
$skipped = @()
$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    $root = Get-DirectoryRoot -Ldap $ldap
    $base = $root['defaultnamingcontext'][0]
    $names = @(Get-SipAttribute -Ldap $ldap -Root $root)
    $known = $false
    foreach ($name in $names) { if ([string]::Equals($name, 'msRTCSIP-UserEnabled')) { $known = $true } }
    if (-not $known) { throw 'schema-missing' }

    # A server that still runs owns its users; and what the inventory says must be what the directory shows.
    $live = @(Get-SipPool -Ldap $ldap -Root $root).Length -gt 0
    $serverExpected = [string]::Equals($Parameters.topology, 'onprem') -or [string]::Equals($Parameters.topology, 'hybrid')
    if ($live -and $serverExpected) { throw 'live-pool' }
    if ($live -or $serverExpected) { throw 'topology-conflict' }

    $read = @('objectGUID', 'userAccountControl', 'adminCount', 'isCriticalSystemObject', 'primaryGroupID', 'uSNChanged', 'whenChanged', 'proxyAddresses') + $names
    $found = @()
    if ($searches) {
        $enabled = '(!(userAccountControl:1.2.840.113556.1.4.803:=2))'
        if ($resources) { $enabled = '' }
        $filter = "(&(objectCategory=person)(objectClass=user)$enabled(msRTCSIP-UserEnabled=FALSE)(msRTCSIP-PrimaryUserAddress=*))"
        try {
            $found = @(Find-DirectoryEntry -Ldap $ldap -Base $Parameters.searchBase -Filter $filter -Scope 'Subtree' -Attributes $read)
        } catch {
            $result = Get-DirectoryError -Record $_
            if ([string]::Equals($result, 'NoSuchObject') -or [string]::Equals($result, 'InvalidDNSyntax') -or [string]::Equals($result, 'Referral')) { throw 'target-not-found' }
            throw
        }
    } else {
        for ($from = 0; $from -lt $named.Length; $from += 50) {
            $filter = ''
            for ($i = $from; $i -lt $named.Length -and $i -lt $from + 50; $i++) { $filter += '(objectGUID=' + (ConvertTo-LdapGuid -Guid $named[$i]) + ')' }
            $found += @(Find-DirectoryEntry -Ldap $ldap -Base $base -Filter "(&(objectCategory=person)(objectClass=user)(|$filter))" -Scope 'Subtree' -Attributes $read)
        }
        if ($found.Length -ne $named.Length) {
            Write-Warning "$($named.Length) users were named, $($found.Length) were found"
            throw 'target-not-found'
        }
    }

    $byGuid = @{}
    foreach ($entry in $found) { $byGuid[$entry['objectguid'][0]] = $entry }
    $order = [string[]]@($byGuid.Keys)
    [array]::Sort($order, [StringComparer]::Ordinal)
    $privileged = @{}
    if ($order.Length -gt 0) { foreach ($guid in @(Find-PrivilegedAccount -Ldap $ldap -Base $base)) { $privileged[$guid] = $true } }

    foreach ($guid in $order) {
        $entry = $byGuid[$guid]
        $code = $null
        $disabled = ([int]$entry['useraccountcontrol'][0] -band 2) -ne 0
        $originator = @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-OriginatorSid')
        $sip = @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-PrimaryUserAddress')
        $flag = @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-UserEnabled')
        if ($sip.Length -eq 0) { $code = 'no-sip-address' }
        elseif ($flag.Length -eq 0) { $code = 'not-set' }
        elseif ([string]::Equals($flag[0], 'TRUE')) { $code = 'already-enabled' }
        if ($disabled -and -not ($resources -and $originator.Length -gt 0)) { $code = 'account-disabled' }
        if ($privileged.ContainsKey($guid) -or (Test-ProtectedEntry -Entry $entry)) { $code = 'protected-object' }
        # Who names a disabled or protected account is told so; a search passes it by and says so.
        if (-not $searches -and ([string]::Equals($code, 'account-disabled') -or [string]::Equals($code, 'protected-object'))) {
            Write-Warning "$guid is refused"
            throw $code
        }
        if ($null -ne $code) {
            $skipped += [ordered]@{ objectGuid = $guid; code = $code }
            continue
        }
        if ($clears -and $originator.Length -gt 0) { throw 'invalid-value' }
        $users += Get-SipUser -Entry $entry -Names $names -Disabled $disabled
        foreach ($locator in @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-DeploymentLocator')) {
            if ($locator.StartsWith('SRV:', [StringComparison]::OrdinalIgnoreCase) -and -not $clears) { $warnings += "$guid still names a server of its own (SRV:): enabled, it points at a pool that is gone" }
        }
    }
    if ($users.Length -gt $cap) { throw 'cap-exceeded' }

    # The directory does not refuse a second owner of an address: look first, on the server and in the whole forest.
    $catalog = Connect-Directory -Server $Parameters.globalCatalog -Connection $Connection -Credential $Credential -Port 3269
    try {
        foreach ($owner in @(@(Find-SipOwner -Ldap $ldap -Base $base -Users $users) + @(Find-SipOwner -Ldap $catalog -Base '' -Users $users))) {
            Write-Warning "$($owner.other) holds the address of $($owner.objectGuid)"
            throw 'duplicate-sip'
        }
    } finally {
        $catalog.Dispose()
    }
} finally {
    $ldap.Dispose()
}

$finding = 'absent'
if ($users.Length -gt 0) { $finding = 'present' }
[ordered]@{
    finding            = $finding
    server             = $Parameters.server
    schemaHasAttribute = $true
    liveDeployment     = $false
    users              = $users
    skipped            = $skipped
    warnings           = $warnings
}
