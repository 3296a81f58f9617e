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

# What the plan of this job names is looked at by its id from then on, whatever the search would find by now.
$planned = @(Get-PlannedUser -Parameters $Parameters)
$undoes = Test-Undoing -Parameters $Parameters
if ($planned.Length -gt 0) {
    $named = $planned
    $searches = $false
    $cap = $planned.Length
}

$warnings = @('whether these users have a licence was not checked')
$users = @()
$skipped = @()
$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    $root = Get-DirectoryRoot -Ldap $ldap
    $base = $root['defaultnamingcontext'][0]
    $schema = Get-DirectorySchema -Ldap $ldap -Root $root -Names @('msRTCSIP-*')
    $names = @(Get-SipAttribute -Schema $schema)
    $bytes = @(Get-BytesAttribute -Schema $schema)
    $known = $false
    foreach ($name in $names) { if ([string]::Equals($name, 'msRTCSIP-UserEnabled')) { $known = $true } }
    if (-not $known) { throw 'schema-missing' }

    # A server that still runs owns its users; and what the inventory says must be what the directory shows. An object of a pool is no
    # proof that its servers run: where the inventory knows of none, the requester may say that they are gone.
    $pools = @(Get-SipPool -Ldap $ldap -Root $root)
    $live = $pools.Length -gt 0
    $gone = $null -ne $Parameters.PSObject.Properties['serversGone'] -and $Parameters.serversGone.Trim().Length -gt 0
    $serverExpected = [string]::Equals($Parameters.topology, 'onprem') -or [string]::Equals($Parameters.topology, 'hybrid')
    if ($live -and $serverExpected) { throw 'live-pool' }
    if ($serverExpected -or ($live -and -not $gone)) { throw 'topology-conflict' }
    foreach ($pool in $pools) { $warnings += 'a pool is still in the directory; the requester says that its servers are gone: ' + $pool.Substring(0, [math]::Min(200, $pool.Length)) }
    $live = $false

    $read = @(Get-ProtectionAttribute) + @('uSNChanged', 'whenChanged', 'proxyAddresses', 'cn', 'displayName', 'userPrincipalName') + $names
    $found = @()
    if ($searches) {
        $enabled = '(!(userAccountControl:1.2.840.113556.1.4.803:=2))'
        if ($resources) { $enabled = '' }
        $filter = "(&(objectCategory=person)(objectClass=user)$enabled(msRTCSIP-UserEnabled=FALSE)(msRTCSIP-PrimaryUserAddress=*))"
        try {
            $found = @(Find-DirectoryEntry -Ldap $ldap -Base $Parameters.searchBase -Filter $filter -Scope 'Subtree' -Attributes $read -Bytes $bytes)
        } catch {
            $result = Get-DirectoryError -Record $_
            if ([string]::Equals($result, 'NoSuchObject') -or [string]::Equals($result, 'InvalidDNSyntax') -or [string]::Equals($result, 'Referral')) { throw 'target-not-found' }
            throw
        }
    } else {
        for ($from = 0; $from -lt $named.Length; $from += 50) {
            $filter = ''
            for ($i = $from; $i -lt $named.Length -and $i -lt $from + 50; $i++) { $filter += '(objectGUID=' + (ConvertTo-LdapGuid -Guid $named[$i]) + ')' }
            $found += @(Find-DirectoryEntry -Ldap $ldap -Base $base -Filter "(&(objectCategory=person)(objectClass=user)(|$filter))" -Scope 'Subtree' -Attributes $read -Bytes $bytes)
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
    $protected = @{}
    foreach ($guid in @(Find-ProtectedAccount -Ldap $ldap -Root $root -Entries $found)) { $protected[$guid] = $true }

    foreach ($guid in $order) {
        $entry = $byGuid[$guid]
        $code = $null
        $disabled = -not (Get-AccountEnabled -Entry $entry)
        $originator = @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-OriginatorSid')
        $sip = @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-PrimaryUserAddress')
        $flag = @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-UserEnabled')
        if ($sip.Length -eq 0) { $code = 'no-sip-address' }
        elseif ($flag.Length -eq 0) { $code = 'not-set' }
        elseif ([string]::Equals($flag[0], 'TRUE')) { $code = 'already-enabled' }
        $isDone = $false
        if ($planned.Length -gt 0) {
            # Still as planned, or done as planned; anything else is a change by somebody else.
            $isTrue = $flag.Length -gt 0 -and [string]::Equals($flag[0], 'TRUE')
            $isLeft = @(foreach ($name in $names) { if (@(Get-DirectoryValue -Entry $entry -Name $name).Length -gt 0) { $name } }).Length -gt 0
            if ($clears) { $drifted = $isTrue -or ($isLeft -and $null -ne $code) } else { $drifted = $flag.Length -eq 0 -or ($sip.Length -eq 0 -and -not $isTrue) }
            if ($drifted) {
                Write-Warning "$guid is neither as it was planned nor as the plan makes it"
                throw 'state-drift'
            }
            $isDone = $null -ne $code
        }
        if ($disabled -and -not $undoes -and -not $isDone -and -not ($resources -and $originator.Length -gt 0)) { $code = 'account-disabled' }
        if ($protected.ContainsKey($guid)) { $code = 'protected-object' }
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
        $users += Get-SipUser -Entry $entry -Names $names -Schema $schema -Disabled $disabled
        foreach ($locator in @(Get-DirectoryValue -Entry $entry -Name 'msRTCSIP-DeploymentLocator')) {
            if ($locator.StartsWith('SRV:', [StringComparison]::OrdinalIgnoreCase) -and -not $clears) { $warnings += "$guid still names a server of its own (SRV:): enabled, it points at a pool that is gone" }
        }
    }
    if ($users.Length -gt $cap) { throw 'cap-exceeded' }

    # The directory does not refuse a second owner of an address: look first, on the server and in the whole forest.
    if (-not $undoes) {
        $wanted = @(foreach ($user in $users) { @{ objectGuid = $user['objectGuid']; address = $user['sipAddress'] } })
        Assert-FreeAddressInForest -Ldap $ldap -Base $base -Wanted $wanted -Parameters $Parameters -Connection $Connection -Credential $Credential
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
    liveDeployment     = $live
    pools              = @(for ($i = 0; $i -lt $pools.Length -and $i -lt 50; $i++) { $pools[$i] })
    users              = $users
    skipped            = $skipped
    warnings           = $warnings
}
