<#
.SYNOPSIS
Lists the user's certificates that Communications Server issued. Public parts only.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)

$sid = Assert-OwnSession -UserSid $Parameters.userSid
# As Windows writes it: a plus sign is quoted, everything else of an address is not.
$wanted = 'CN=' + $Parameters.sipAddress
if ($Parameters.sipAddress.Contains('+')) { $wanted = 'CN="' + $Parameters.sipAddress + '"' }
$present = $false
$all = @(foreach ($certificate in @(Read-UserCertificate -Api (Get-StoreApi))) {
        if (-not [string]::Equals($certificate.issuer, 'CN=Communications Server', 'Ordinal')) { continue }
        $match = 'subject-differs'
        if ([string]::Equals($certificate.subject, $wanted, 'OrdinalIgnoreCase')) { $match = 'exact' }
        if ([string]::CompareOrdinal($certificate.notBeforeUtc, $Parameters.requestedAtTargetUtc) -lt 0) {
            $differs = [string]::Equals($match, 'subject-differs')
            if ($differs) { $PSCmdlet.WriteWarning('certificate ' + $certificate.thumbprint + ' is of ' + $certificate.subject) }
            if (-not $differs -or [string]::Equals($Parameters.otherSubjects, 'refuse')) { $present = $true }
        }
        [ordered]@{
            thumbprint    = $certificate.thumbprint
            issuer        = $certificate.issuer
            subject       = $certificate.subject
            notBeforeUtc  = $certificate.notBeforeUtc
            notAfterUtc   = $certificate.notAfterUtc
            hasPrivateKey = $certificate.hasPrivateKey
            match         = $match
        }
    })
# What Plan may list or refuse for goes first, however many certificates there are.
$wanted = @()
$refused = @()
$rest = @()
foreach ($certificate in $all) {
    $isOld = [string]::CompareOrdinal($certificate['notBeforeUtc'], $Parameters.requestedAtTargetUtc) -lt 0
    if ($isOld -and [string]::Equals($certificate['match'], 'exact')) { $wanted += $certificate }
    elseif ($isOld) { $refused += $certificate }
    else { $rest += $certificate }
}
$certificates = @(Limit-StateList -Needed $wanted -Others ($refused + $rest))
$finding = 'absent'
if ($present) { $finding = 'present' }
[ordered]@{
    finding          = $finding
    userSid          = $sid
    userSession      = $Parameters.userSession
    languageMode     = "$($ExecutionContext.SessionState.LanguageMode)"
    certificates     = $certificates
    certificateCount = $all.Length
}
