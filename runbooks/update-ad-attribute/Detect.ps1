<#
.SYNOPSIS
Finds exactly one user, checks that the attribute may be changed, and reads its values.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [pscredential]$Credential, [object]$Connection)

# The whole list of what this runbook touches: class, cardinality and form of each attribute. Lengths and syntax are the schema's.
# What people see: no controls, no format, private or unassigned characters, and none that a display may leave out (\udb40 begins the tags).
$printable = '\A[^\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\udb40\udb80-\udbff]+\z'
$address = '\A[A-Za-z0-9._%+''-]{1,64}@[A-Za-z0-9.-]{1,253}\z'
$map = @{
    'telephoneNumber'             = @{ signIn = $false; many = $false; form = $printable }
    'mobile'                      = @{ signIn = $false; many = $false; form = $printable }
    'title'                       = @{ signIn = $false; many = $false; form = $printable }
    'department'                  = @{ signIn = $false; many = $false; form = $printable }
    'company'                     = @{ signIn = $false; many = $false; form = $printable }
    'physicalDeliveryOfficeName'  = @{ signIn = $false; many = $false; form = $printable }
    'displayName'                 = @{ signIn = $false; many = $false; form = $printable }
    'userPrincipalName'           = @{ signIn = $true; many = $false; form = $address }
    'mail'                        = @{ signIn = $true; many = $false; form = $address }
    'msRTCSIP-PrimaryUserAddress' = @{ signIn = $true; many = $false; form = '\Asip:[A-Za-z0-9._%+''-]{1,64}@[A-Za-z0-9.-]{1,253}\z' }
    'msRTCSIP-DeploymentLocator'  = @{ signIn = $true; many = $false; form = '\A(SRV:|[A-Za-z0-9.-]{1,253})\z' }
    'msRTCSIP-Line'               = @{ signIn = $true; many = $false; form = '\Atel:[+0-9;=A-Za-z.-]{1,100}\z' }
    'msRTCSIP-UserEnabled'        = @{ signIn = $true; many = $false; form = '\A(TRUE|FALSE)\z' }
    'proxyAddresses'              = @{ signIn = $true; many = $true; form = '\A(sip|SIP):[A-Za-z0-9._%+''-]{1,64}@[A-Za-z0-9.-]{1,253}\z' }
}
if (-not $map.ContainsKey($Parameters.attribute)) { throw 'attribute-not-allowed' }
$rule = $map[$Parameters.attribute]
$value = $null
if ($null -ne $Parameters.PSObject.Properties['value']) { $value = $Parameters.value }
$clear = [string]::Equals($Parameters.operation, 'clear')
$set = [string]::Equals($Parameters.operation, 'set')
$removes = [string]::Equals($Parameters.operation, 'remove-value')
if ($rule.many -eq ($set -or $clear)) { throw 'not-single-valued' }
if ($clear -ne ($null -eq $value)) { throw 'invalid-value' }
# What is only removed may be anything that is stored; what is added has a form and a verified domain.
if ($removes -and -not $value.StartsWith('sip:', [StringComparison]::OrdinalIgnoreCase)) { throw 'invalid-value' }
if ($set -or ($rule.many -and -not $removes)) {
    if ($value -cnotmatch $rule.form) { throw 'invalid-value' }
    $at = $value.LastIndexOf([char]'@')
    if ($at -ge 0 -and $rule.signIn) {
        $known = $false
        foreach ($domain in $Parameters.verifiedDomains) {
            if ([string]::Equals($value.Substring($at + 1), $domain, 'OrdinalIgnoreCase')) { $known = $true }
        }
        if (-not $known) { throw 'invalid-value' }
    }
}

$warnings = @()
$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    $root = Get-DirectoryRoot -Ldap $ldap
    $base = $root['defaultnamingcontext'][0]
    # The name that found the object may be what is changed: from the first plan on it is found by its id.
    $identity = $Parameters.identity
    foreach ($guid in @(Get-PlannedUser -Parameters $Parameters)) { $identity = $guid }
    if ($identity -cmatch '\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z') {
        $filter = '(objectGUID=' + (ConvertTo-LdapGuid -Guid $identity) + ')'
    } else {
        $text = ConvertTo-LdapValue -Value $identity
        $filter = "(|(sAMAccountName=$text)(userPrincipalName=$text)(distinguishedName=$text)(cn=$text)(displayName=$text))"
    }
    $read = @(Get-ProtectionAttribute) + @('objectClass', 'cn')
    foreach ($name in 'displayName', 'userPrincipalName') { if (-not [string]::Equals($name, $Parameters.attribute)) { $read += $name } }
    $read += $Parameters.attribute
    $found = @(Find-DirectoryEntry -Ldap $ldap -Base $base -Filter "(&(|(objectClass=user)(objectClass=contact))(!(objectClass=computer))$filter)" -Scope 'Subtree' -Attributes $read)
    if ($found.Length -eq 0) { throw 'target-not-found' }
    if ($found.Length -gt 1) { throw 'target-ambiguous' }
    $entry = $found[0]
    if (@(Find-ProtectedAccount -Ldap $ldap -Root $root -Entries $found).Length -gt 0) { throw 'protected-object' }

    $schema = Get-DirectorySchema -Ldap $ldap -Root $root -Names @($Parameters.attribute)
    $about = $schema[$Parameters.attribute.ToLowerInvariant()]
    if ($null -eq $about) { throw 'schema-missing' }
    if (-not $removes -and $null -ne $value -and -not (Test-SchemaValue -Rule $about -Value $value)) {
        Write-Warning "the schema takes no such value of $($Parameters.attribute) (at most $($about.upper))"
        throw 'invalid-value'
    }

    $values = @(Get-DirectoryValue -Entry $entry -Name $Parameters.attribute)
    if (-not $rule.many -and $values.Length -gt 1) { throw 'not-single-valued' }
    $changes = Get-AttributeChange -Operation $Parameters.operation -Values $values -Value $value
    if ($rule.many -and -not $removes -and $changes.needed -and $changes.otherPrimary) {
        Write-Warning 'another primary SIP address is held; remove it first'
        throw 'invalid-value'
    }

    # The directory does not refuse a second owner of an address: look first. A rollback gives up the value.
    if (-not $removes -and -not $clear -and (Test-AddressAttribute -Name $Parameters.attribute) -and -not (Test-Undoing -Parameters $Parameters)) {
        $wanted = @(@{ objectGuid = $entry['objectguid'][0]; address = $value })
        Assert-FreeAddressInForest -Ldap $ldap -Base $base -Wanted $wanted -Parameters $Parameters -Connection $Connection -Credential $Credential
    }
} finally {
    $ldap.Dispose()
}

if ($removes -and $changes.needed -and $changes.before.StartsWith('SIP:', [StringComparison]::Ordinal)) { $warnings += 'this is the primary SIP address of the user' }
$finding = 'absent'
if ($changes.needed) { $finding = 'present' }
$action = $Parameters.operation
if ($set -or $clear) {
    $action = 'set-contact-attribute'
    if ($rule.signIn) { $action = 'set-signin-attribute' }
}
$class = 'contact'
foreach ($name in $entry['objectclass']) {
    if ([string]::Equals($name, 'user') -and -not [string]::Equals($class, 'inetOrgPerson')) { $class = 'user' }
    if ([string]::Equals($name, 'inetOrgPerson')) { $class = 'inetOrgPerson' }
}
$state = [ordered]@{
    finding      = $finding
    objectGuid   = $entry['objectguid'][0]
    dn           = $entry['dn']
    name         = Get-DirectoryName -Entry $entry
    objectClass  = $class
    attribute    = $Parameters.attribute
    singleValued = $about.single
    action       = $action
    values       = $values
}
foreach ($principal in @(Get-DirectoryValue -Entry $entry -Name 'userPrincipalName')) { $state['userPrincipalName'] = $principal }
foreach ($sid in @(Get-DirectoryValue -Entry $entry -Name 'objectSid')) { $state['objectSid'] = $sid }
foreach ($enabled in @(Get-AccountEnabled -Entry $entry)) {
    $state['accountEnabled'] = $enabled
    if (-not $enabled) { $warnings += 'the account is disabled' }
}
$state['warnings'] = $warnings
$state
