<#
.SYNOPSIS
One change for each certificate of exactly this issuer and user that is older than the request.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)

$wanted = 'CN=' + $Parameters.sipAddress
if ($Parameters.sipAddress.Contains('+')) { $wanted = 'CN="' + $Parameters.sipAddress + '"' }
foreach ($certificate in $State.certificates) {
    # What was issued after the request is the success of an earlier try, not a leftover.
    if ([string]::CompareOrdinal($certificate.notBeforeUtc, $Parameters.requestedAtTargetUtc) -ge 0) { continue }
    if (-not [string]::Equals($certificate.issuer, 'CN=Communications Server', 'Ordinal')) { continue }
    if (-not [string]::Equals($certificate.subject, $wanted, 'OrdinalIgnoreCase')) {
        if ([string]::Equals($Parameters.otherSubjects, 'refuse')) { throw 'subject-mismatch' }
        continue
    }
    if ($certificate.thumbprint -cnotmatch '\A[0-9A-F]{40}\z') { throw 'invalid-value' }
    [ordered]@{
        resource = 'cert:' + $State.userSid + '/CurrentUser/My/' + $certificate.thumbprint
        property = 'certificate'
        before   = 'present'
        after    = 'absent'
        action   = 'delete-certificate'
        label    = $certificate.subject
    }
}
