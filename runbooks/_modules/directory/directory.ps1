<#
.SYNOPSIS
A directory, by Kerberos or over TLS with a pinned CA: connect, find, read, and modify by compare-and-swap.
#>
function Connect-Directory {
    # One connection to one server; signs in at once, so that a wrong password is told apart from an unreachable server.
    # The engine says how (Connection.signIn): kerberos signs and seals LDAP with the ticket of this process; simple sends the password over
    # TLS with a pinned authority. Catalog: to the global catalog of that server, at the port that goes with the target's.
    param([string]$Server, [object]$Connection, [pscredential]$Credential, [switch]$Catalog)
    $isNamed = $false
    foreach ($one in $Connection.servers) { if ([string]::Equals($one, $Server, 'OrdinalIgnoreCase')) { $isNamed = $true } }
    if (-not $isNamed) { throw 'server-not-allowed' }
    $way = ''
    if ($null -ne $Connection.PSObject.Properties['signIn']) { $way = "$($Connection.signIn)" }
    $isKerberos = [string]::Equals($way, 'kerberos')
    if (-not $isKerberos -and (-not [string]::Equals($way, 'simple') -or $null -eq $Credential)) { throw 'simple-bind-refused' }
    $port = [int]$Connection.port
    if ($Catalog) { if ($isKerberos) { $port = 3268 } else { $port = 3269 } }
    # A URI is made of it: the colons of an IPv6 address need brackets, and to a name with a colon no port is added.
    $address = $Server
    if ($Server.Contains(':', 'Ordinal')) { $address = "[$Server]:$port" }
    $identifier = [System.DirectoryServices.Protocols.LdapDirectoryIdentifier]::new($address, $port, $false, $false)
    $ldap = [System.DirectoryServices.Protocols.LdapConnection]::new($identifier)
    $ldap.SessionOptions.ProtocolVersion = 3
    # Or a search at the root follows continuation references through DNS and stalls for seconds.
    $ldap.SessionOptions.ReferralChasing = 'None'
    if ($isKerberos) {
        $ldap.AuthType = 'Kerberos'
    } else {
        $ldap.AuthType = 'Basic'
        $ldap.Credential = $Credential.GetNetworkCredential()
        $ldap.SessionOptions.TrustedCertificatesDirectory = $Connection.caDirectory
        $ldap.SessionOptions.StartNewTlsSessionContext()
        $ldap.SessionOptions.SecureSocketLayer = $true
    }
    try {
        $ldap.Bind()
    } catch {
        if ($isKerberos) { throw (Get-KerberosCode -Record $_) }
        if ([string]::Equals((Get-DirectoryError -Record $_), 'ldap:49')) { throw 'access-denied' }
        throw 'unreachable'
    }
    $ldap
}

function Get-KerberosCode {
    # Why a sign-in with Kerberos failed. The libraries have one number for most of it, so their words are read; they are English everywhere.
    param([object]$Record)
    $number = Get-DirectoryError -Record $Record
    $problem = $Record.Exception
    while ($null -ne $problem.InnerException) { $problem = $problem.InnerException }
    $said = "$($problem.Message)"
    if ($null -ne $problem.PSObject.Properties['ServerErrorMessage']) { $said += " $($problem.ServerErrorMessage)" }
    Write-Verbose "$number $said"
    $meanings = [ordered]@{
        'Clock skew'                            = 'kerberos-skew'
        'Ticket not yet valid'                  = 'kerberos-skew'
        'Server not found in Kerberos database' = 'kerberos-server-unknown'
        'Ticket expired'                        = 'kerberos-ticket-expired'
        'No Kerberos credentials available'     = 'kerberos-ticket-expired'
        'No credentials cache found'            = 'kerberos-ticket-expired'
        'Cannot contact any KDC'                = 'kdc-unreachable'
        'Cannot find KDC'                       = 'kdc-unreachable'
    }
    foreach ($words in $meanings.Keys) { if ($said.Contains($words, 'OrdinalIgnoreCase')) { return $meanings[$words] } }
    # No mechanism of that name: the package of the GSSAPI mechanism is not installed.
    if ([string]::Equals($number, 'ldap:86') -or [string]::Equals($number, 'AuthMethodNotSupported')) { return 'kerberos-missing' }
    if ([string]::Equals($number, 'ldap:81') -or [string]::Equals($number, 'ldap:85')) { return 'unreachable' }
    'kerberos-refused'
}

function Get-DirectoryError {
    # The LDAP result of a failed call: a result's name, or ldap:<number> of the client library.
    param([object]$Record)
    $problem = $Record.Exception
    while ($null -ne $problem.InnerException) { $problem = $problem.InnerException }
    if ($null -ne $problem.PSObject.Properties['Response'] -and $null -ne $problem.Response) { return "$($problem.Response.ResultCode)" }
    if ($null -ne $problem.PSObject.Properties['ErrorCode']) { return "ldap:$($problem.ErrorCode)" }
    'unknown'
}

function ConvertTo-LdapValue {
    # RFC 4515: everything but letters and digits is escaped, so that a value can never end the filter. A NUL is refused: a directory may take it
    # for the end of the value and find another object.
    param([string]$Value)
    if ($Value.IndexOf([char]0) -ge 0) { throw 'invalid-value' }
    $text = [System.Text.StringBuilder]::new()
    foreach ($byte in [System.Text.Encoding]::UTF8.GetBytes($Value)) {
        $plain = ($byte -ge 48 -and $byte -le 57) -or ($byte -ge 65 -and $byte -le 90) -or ($byte -ge 97 -and $byte -le 122)
        if ($plain) { $null = $text.Append([char]$byte) } else { $null = $text.AppendFormat([cultureinfo]::InvariantCulture, '\{0:x2}', $byte) }
    }
    $text.ToString()
}

function ConvertTo-LdapGuid {
    # An objectGUID as a filter wants it: its bytes, escaped.
    param([string]$Guid)
    -join @(foreach ($byte in ([guid]$Guid).ToByteArray()) { '\{0:x2}' -f $byte })
}

function Find-DirectoryEntry {
    # All entries of a search, paged; each as a hashtable of lower-case names to arrays of text (objectGUID and SIDs as text too).
    # Bytes: the attributes that hold bytes; their values are base64. Most: of a search of a subtree, no more than so many are asked for.
    param([object]$Ldap, [string]$Base, [string]$Filter, [string]$Scope, [string[]]$Attributes, [string[]]$Bytes = @(), [int]$Most = 0)
    $request = [System.DirectoryServices.Protocols.SearchRequest]::new($Base, $Filter, $Scope, $Attributes)
    $size = 500
    if ($Most -gt 0 -and $Most -lt $size) { $size = $Most }
    $page = [System.DirectoryServices.Protocols.PageResultRequestControl]::new($size)
    if ([string]::Equals($Scope, 'Subtree')) { $null = $request.Controls.Add($page) }
    $count = 0
    do {
        $response = $Ldap.SendRequest($request)
        foreach ($entry in $response.Entries) {
            if ($Most -gt 0 -and $count -ge $Most) { return }
            $count++
            Read-DirectoryEntry -Entry $entry -Bytes $Bytes
        }
        $next = $null
        foreach ($control in $response.Controls) {
            if ($null -ne $control.PSObject.Properties['Cookie'] -and $control.Cookie.Length -gt 0) { $next = $control.Cookie }
        }
        if ($null -ne $next) { $page.Cookie = $next }
    } while ($null -ne $next -and ($Most -eq 0 -or $count -lt $Most))
}

function Read-DirectoryEntry {
    param([object]$Entry, [string[]]$Bytes)
    $sids = @('objectsid', 'sidhistory', 'tokengroups', 'msrtcsip-originatorsid')
    $read = @{ dn = $Entry.DistinguishedName }
    foreach ($name in $Entry.Attributes.AttributeNames) {
        $lower = "$name".ToLowerInvariant()
        $isBytes = $false
        foreach ($other in $Bytes) { if ([string]::Equals($other, $lower, 'OrdinalIgnoreCase')) { $isBytes = $true } }
        if ([string]::Equals($lower, 'objectguid')) {
            $read[$lower] = @(([guid]::new([byte[]]$Entry.Attributes[$name].GetValues([byte[]])[0])).ToString())
        } elseif ($sids.Contains($lower)) {
            $read[$lower] = @(foreach ($value in $Entry.Attributes[$name].GetValues([byte[]])) { ConvertTo-SidText -Bytes ([byte[]]$value) })
        } elseif ($isBytes) {
            $read[$lower] = @(foreach ($value in $Entry.Attributes[$name].GetValues([byte[]])) { [Convert]::ToBase64String([byte[]]$value) })
        } else {
            $read[$lower] = @($Entry.Attributes[$name].GetValues([string]))
        }
    }
    $read
}

function ConvertTo-SidText {
    # By hand: the class for it is not there on Linux.
    param([byte[]]$Bytes)
    $authority = [long]0
    for ($i = 2; $i -lt 8; $i++) { $authority = $authority * 256 + $Bytes[$i] }
    $text = 'S-' + $Bytes[0] + '-' + $authority
    for ($i = 0; $i -lt $Bytes[1]; $i++) { $text += '-' + [BitConverter]::ToUInt32($Bytes, 8 + 4 * $i) }
    $text
}

function Get-DirectoryRoot {
    param([object]$Ldap)
    @(Find-DirectoryEntry -Ldap $Ldap -Base '' -Filter '(objectClass=*)' -Scope 'Base' -Attributes @('defaultNamingContext', 'schemaNamingContext', 'configurationNamingContext', 'rootDomainNamingContext'))[0]
}

function Get-DirectoryValue {
    # The values of one attribute as an array, empty where it is not set.
    param([hashtable]$Entry, [string]$Name)
    $key = $Name.ToLowerInvariant()
    if ($Entry.ContainsKey($key)) { foreach ($value in $Entry[$key]) { $value } }
}

function Get-DirectoryName {
    # What people call a user: the display name, else the common name. Needs the attributes cn and displayName.
    param([hashtable]$Entry)
    $name = ''
    foreach ($value in @(Get-DirectoryValue -Entry $Entry -Name 'cn') + @(Get-DirectoryValue -Entry $Entry -Name 'displayName')) { $name = $value }
    $name
}

function Add-DirectoryModification {
    # Filled and added in one place: a modification is enumerable, and a pipeline would unroll it to nothing.
    # IsBytes: the value is base64 and is sent as its bytes.
    param([object]$Request, [string]$Attribute, [string]$Operation, [string]$Value, [bool]$IsBytes)
    $modification = [System.DirectoryServices.Protocols.DirectoryAttributeModification]::new()
    $modification.Name = $Attribute
    $modification.Operation = $Operation
    if ($IsBytes) { $null = $modification.Add([byte[]][Convert]::FromBase64String($Value)) } else { $null = $modification.Add($Value) }
    $null = $Request.Modifications.Add($modification)
}

function Assert-DirectoryResult {
    # Only Success is success: a read-only server answers Referral without an exception and writes nothing.
    param([string]$Result)
    if ([string]::Equals($Result, 'Success')) { return }
    if ([string]::Equals($Result, 'Referral') -or [string]::Equals($Result, 'UnwillingToPerform')) { throw 'read-only-replica' }
    if ([string]::Equals($Result, 'InsufficientAccessRights')) { throw 'access-denied' }
    if ([string]::Equals($Result, 'NoSuchAttribute') -or [string]::Equals($Result, 'AttributeOrValueExists')) { throw 'state-drift' }
    if ([string]::Equals($Result, 'NoSuchObject')) { throw 'target-not-found' }
    if ([string]::Equals($Result, 'InvalidAttributeSyntax')) { throw 'invalid-value' }
    throw 'directory-refused'
}
