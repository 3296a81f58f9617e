<#
.SYNOPSIS
Finds exactly one user, checks that the attribute may be changed, and reads its values.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [pscredential]$Credential, [object]$Connection)

# The whole list of what this runbook touches: class, cardinality and form of each attribute.
$printable = '\A[^\x00-\x1f\x7f]{1,128}\z'
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
    'proxyAddresses'              = @{ signIn = $true; many = $true; form = '\Asip:[A-Za-z0-9._%+''-]{1,64}@[A-Za-z0-9.-]{1,253}\z' }
}
if (-not $map.ContainsKey($Parameters.attribute)) { throw 'attribute-not-allowed' }
$rule = $map[$Parameters.attribute]
$value = $null
if ($null -ne $Parameters.PSObject.Properties['value']) { $value = $Parameters.value }
$clear = [string]::Equals($Parameters.operation, 'clear')
$set = [string]::Equals($Parameters.operation, 'set')
if ($rule.many -eq ($set -or $clear)) { throw 'not-single-valued' }
if ($clear -ne ($null -eq $value)) { throw 'invalid-value' }
if ($null -ne $value) {
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

$ldap = Connect-Directory -Server $Parameters.server -Connection $Connection -Credential $Credential
try {
    $root = Get-DirectoryRoot -Ldap $ldap
    $base = $root['defaultnamingcontext'][0]
    $identity = $Parameters.identity
    $read = @('objectGUID', 'objectSid', 'objectClass', 'adminCount', 'isCriticalSystemObject', $Parameters.attribute)
    if ($identity -cmatch '\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z') {
        $filter = '(objectGUID=' + -join @(foreach ($byte in ([guid]$identity).ToByteArray()) { '\{0:x2}' -f $byte }) + ')'
    } else {
        $text = ConvertTo-LdapValue -Value $identity
        $filter = "(|(sAMAccountName=$text)(userPrincipalName=$text)(distinguishedName=$text)(cn=$text)(displayName=$text))"
    }
    $found = @(Find-DirectoryEntry -Ldap $ldap -Base $base -Filter "(&(|(objectClass=user)(objectClass=contact))(!(objectClass=computer))$filter)" -Scope 'Subtree' -Attributes $read)
    if ($found.Length -eq 0) { throw 'target-not-found' }
    if ($found.Length -gt 1) { throw 'target-ambiguous' }
    $entry = $found[0]
    $protected = @(Get-DirectoryValue -Entry $entry -Name 'adminCount') + @(Get-DirectoryValue -Entry $entry -Name 'isCriticalSystemObject')
    foreach ($flag in $protected) { if ([string]::Equals($flag, '1') -or [string]::Equals($flag, 'TRUE')) { throw 'protected-object' } }

    $schema = @(Find-DirectoryEntry -Ldap $ldap -Base $root['schemanamingcontext'][0] -Filter ('(&(objectClass=attributeSchema)(lDAPDisplayName=' + (ConvertTo-LdapValue -Value $Parameters.attribute) + '))') -Scope 'Subtree' -Attributes @('isSingleValued'))
    if ($schema.Length -eq 0) { throw 'schema-missing' }
    $single = [string]::Equals($schema[0]['issinglevalued'][0], 'TRUE')

    $values = @(Get-DirectoryValue -Entry $entry -Name $Parameters.attribute)
    if (-not $rule.many -and $values.Length -gt 1) { throw 'not-single-valued' }

    # The directory does not refuse a second owner of an address: look first.
    $removes = $clear -or [string]::Equals($Parameters.operation, 'remove-value')
    $unique = @{ 'userPrincipalName' = '(userPrincipalName={0})'; 'msRTCSIP-PrimaryUserAddress' = '(|(msRTCSIP-PrimaryUserAddress={0})(proxyAddresses={0}))'; 'proxyAddresses' = '(|(msRTCSIP-PrimaryUserAddress={0})(proxyAddresses={0}))' }
    if (-not $removes -and $unique.ContainsKey($Parameters.attribute)) {
        $others = @(Find-DirectoryEntry -Ldap $ldap -Base $base -Filter $unique[$Parameters.attribute].Replace('{0}', (ConvertTo-LdapValue -Value $value)) -Scope 'Subtree' -Attributes @('objectGUID'))
        foreach ($other in $others) { if (-not [string]::Equals($other['objectguid'][0], $entry['objectguid'][0])) { throw 'duplicate-sip' } }
    }
} finally {
    $ldap.Dispose()
}

$held = $false
foreach ($item in $values) { if ([string]::Equals($item, $value)) { $held = $true } }
$absent = $held
if ($removes) { $absent = -not $held }
if ($clear) { $absent = $values.Length -eq 0 }
$finding = 'present'
if ($absent) { $finding = 'absent' }
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
    objectClass  = $class
    attribute    = $Parameters.attribute
    singleValued = $single
    action       = $action
    values       = $values
}
foreach ($sid in @(Get-DirectoryValue -Entry $entry -Name 'objectSid')) { $state['objectSid'] = $sid }
$state
