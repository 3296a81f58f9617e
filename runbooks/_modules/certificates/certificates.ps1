<#
.SYNOPSIS
The user's personal certificate store: public parts and the names of key containers. Private keys are never opened. Needs the modules
native and session.
#>
function Get-StoreApi {
    $number = [uint32]
    New-NativeType -Name 'Store' -Library 'crypt32.dll' -Functions @(
        @{ name = 'CertControlStore'; returns = [bool]; parameters = @([intptr], $number, $number, [intptr]) }
        @{ name = 'CertGetCertificateContextProperty'; returns = [bool]; parameters = @([intptr], $number, [intptr], $number.MakeByRefType()) }
    )
}

function Open-UserStore {
    # $Access: ReadOnly or ReadWrite. Null where the user has no such store yet; nothing is made by looking.
    param([string]$Access)
    $store = [System.Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
    try {
        $store.Open($Access + ', OpenExistingOnly')
    } catch {
        # 0x80070002: there is no store of this name.
        if ($_.Exception.InnerException.HResult -eq -2147024894) { return $null }
        throw 'inconclusive'
    }
    $store
}

function Read-UserCertificate {
    # Every certificate of the store, with the key container it names where it names one.
    param([object]$Api)
    $store = Open-UserStore -Access 'ReadOnly'
    if ($null -eq $store) { return }
    try {
        foreach ($certificate in $store.Certificates) {
            [pscustomobject]@{
                thumbprint    = $certificate.Thumbprint
                issuer        = $certificate.Issuer
                subject       = $certificate.Subject
                notBeforeUtc  = ConvertTo-UtcText -Time $certificate.NotBefore
                notAfterUtc   = ConvertTo-UtcText -Time $certificate.NotAfter
                hasPrivateKey = $certificate.HasPrivateKey
                container     = Get-KeyContainer -Api $Api -Certificate $certificate
                usages        = @(Get-KeyUsage -Certificate $certificate)
            }
        }
    } finally {
        $store.Close()
    }
}

function Get-KeyContainer {
    # The name of the CryptoAPI key container, or null. CRYPT_KEY_PROV_INFO: name at 0, kind of provider after two pointers (0 = CNG).
    param([object]$Api, [object]$Certificate)
    $size = [uint32]0
    if (-not $Api::CertGetCertificateContextProperty($Certificate.Handle, [uint32]2, [intptr]::Zero, [ref]$size)) { return $null }
    $marshal = [System.Runtime.InteropServices.Marshal]
    $info = $marshal::AllocHGlobal([int]$size)
    try {
        if (-not $Api::CertGetCertificateContextProperty($Certificate.Handle, [uint32]2, $info, [ref]$size)) { throw 'inconclusive' }
        if ($marshal::ReadInt32($info, 2 * [intptr]::Size) -eq 0) { return $null }
        $marshal::PtrToStringUni($marshal::ReadIntPtr($info, 0))
    } finally {
        $marshal::FreeHGlobal($info)
    }
}

function Get-KeyUsage {
    # The extended key usages as dotted numbers; names of usages are in the language of Windows.
    param([object]$Certificate)
    foreach ($extension in $Certificate.Extensions) {
        if (-not [string]::Equals($extension.Oid.Value, '2.5.29.37')) { continue }
        foreach ($usage in $extension.EnhancedKeyUsages) { $usage.Value }
    }
}

function Remove-UserCertificate {
    # The public part (base64 of its DER) of what was removed; null when it was gone already. The key container stays.
    param([object]$Api, [string]$Thumbprint)
    $store = Open-UserStore -Access 'ReadWrite'
    if ($null -eq $store) { return $null }
    $public = $null
    try {
        foreach ($certificate in @($store.Certificates)) {
            if (-not [string]::Equals($certificate.Thumbprint, $Thumbprint, 'OrdinalIgnoreCase')) { continue }
            $public = [Convert]::ToBase64String($certificate.RawData)
            $store.Remove($certificate)
        }
        # Closing alone may forget the change: commit it now (CERT_STORE_CTRL_COMMIT).
        if ($null -ne $public -and -not $Api::CertControlStore($store.StoreHandle, [uint32]0, [uint32]3, [intptr]::Zero)) { throw 'access-denied' }
    } finally {
        $store.Close()
    }
    foreach ($left in @(Read-UserCertificate -Api $Api)) {
        if ([string]::Equals($left.thumbprint, $Thumbprint, 'OrdinalIgnoreCase')) { throw 'not-verified' }
    }
    $public
}
