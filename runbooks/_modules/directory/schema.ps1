<#
.SYNOPSIS
What the directory's schema says of attributes: which hold bytes, how long and of which form a value may be.
#>
function Get-DirectorySchema {
    # One table for each attribute of these names (a filter may hold *), by lower-case name: name, syntax, single, lower, upper.
    param([object]$Ldap, [hashtable]$Root, [string[]]$Names)
    $filter = -join @(foreach ($name in $Names) {
        if ($name.EndsWith('*', [StringComparison]::Ordinal)) { '(lDAPDisplayName=' + (ConvertTo-LdapValue -Value $name.Substring(0, $name.Length - 1)) + '*)' }
        else { '(lDAPDisplayName=' + (ConvertTo-LdapValue -Value $name) + ')' }
    })
    $schema = @{}
    $read = @('lDAPDisplayName', 'attributeSyntax', 'isSingleValued', 'rangeLower', 'rangeUpper')
    foreach ($entry in @(Find-DirectoryEntry -Ldap $Ldap -Base $Root['schemanamingcontext'][0] -Filter "(&(objectClass=attributeSchema)(!(isDefunct=TRUE))(|$filter))" -Scope 'OneLevel' -Attributes $read)) {
        $name = $entry['ldapdisplayname'][0]
        $rule = @{ name = $name; syntax = $entry['attributesyntax'][0]; single = [string]::Equals($entry['issinglevalued'][0], 'TRUE'); lower = $null; upper = $null }
        foreach ($limit in @(Get-DirectoryValue -Entry $entry -Name 'rangeLower')) { $rule['lower'] = [long]$limit }
        foreach ($limit in @(Get-DirectoryValue -Entry $entry -Name 'rangeUpper')) { $rule['upper'] = [long]$limit }
        $schema[$name.ToLowerInvariant()] = $rule
    }
    $schema
}

function Test-BytesAttribute {
    # Octet strings and security descriptors are bytes: base64 in values. SIDs are bytes too, and have a text of their own.
    param([hashtable]$Schema, [string]$Name)
    $rule = $Schema[$Name.ToLowerInvariant()]
    if ($null -eq $rule) { return $false }
    [string]::Equals($rule['syntax'], '2.5.5.10') -or [string]::Equals($rule['syntax'], '2.5.5.15')
}

function Get-BytesAttribute {
    # The names among these whose values are bytes.
    param([hashtable]$Schema)
    foreach ($key in @($Schema.Keys)) { if (Test-BytesAttribute -Schema $Schema -Name $key) { $Schema[$key]['name'] } }
}

function Test-SchemaValue {
    # Whether the directory takes this value, by its own schema: syntax and range. Lengths count UTF-16 units, as the directory does.
    param([hashtable]$Rule, [string]$Value)
    $size = [long]$Value.Length
    $syntax = $Rule['syntax']
    if ([string]::Equals($syntax, '2.5.5.4') -and $Value -cmatch '[^\x20-\x7e]') { return $false }
    if ([string]::Equals($syntax, '2.5.5.5') -and $Value -cmatch '[^\x00-\x7f]') { return $false }
    if ([string]::Equals($syntax, '2.5.5.6') -and $Value -cmatch '[^0-9 ]') { return $false }
    if ([string]::Equals($syntax, '2.5.5.8')) { return $Value -cmatch '\A(TRUE|FALSE)\z' }
    if ([string]::Equals($syntax, '2.5.5.9')) {
        if ($Value -cnotmatch '\A(0|-?[1-9][0-9]{0,9})\z') { return $false }
        $size = [long]$Value
    }
    if ($null -ne $Rule['lower'] -and $size -lt $Rule['lower']) { return $false }
    $null -eq $Rule['upper'] -or $size -le $Rule['upper']
}
