<#
.SYNOPSIS
Lists the vault entries of the user whose names begin as Skype for Business and Office name theirs. Secrets are never read.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)

$mode = "$($ExecutionContext.SessionState.LanguageMode)"
if (-not [string]::Equals($mode, 'FullLanguage')) { throw 'constrained-language' }
# With either value of userSession this logon session must be the user's own: another one opens another user's vault.
$sid = [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value
if (-not [string]::Equals($sid, $Parameters.userSid, 'OrdinalIgnoreCase')) { throw 'wrong-logon-session' }
$kinds = @{ 1 = 'generic'; 2 = 'domain-password'; 3 = 'domain-certificate' }
$api = Get-VaultApi
$present = $false
$all = @(foreach ($prefix in @('Microsoft_OC1:', 'MicrosoftOffice15_Data:', 'MicrosoftOffice16_Data:')) {
        foreach ($entry in @(Read-VaultEntry -Api $api -Prefix $prefix)) {
            $part = $entry.targetName.Split(':')
            $match = 'office'
            if ([string]::Equals($part[0], 'Microsoft_OC1', 'OrdinalIgnoreCase')) {
                $match = 'other-uri'
                if ($part.Length -eq 5 -and [string]::Equals($part[1], 'uri=' + $Parameters.sipAddress, 'OrdinalIgnoreCase')) {
                    $match = 'other-purpose'
                    foreach ($purpose in $Parameters.purposes) {
                        if ([string]::Equals($part[3], $purpose, 'OrdinalIgnoreCase')) { $match = 'exact' }
                    }
                }
            }
            $kind = 'other'
            if ($kinds.ContainsKey($entry.type)) { $kind = $kinds[$entry.type] }
            if ([string]::Equals($match, 'exact') -and [string]::CompareOrdinal($entry.lastWrittenUtc, $Parameters.requestedAtTargetUtc) -lt 0) { $present = $true }
            [ordered]@{ targetName = $entry.targetName; type = $kind; lastWrittenUtc = $entry.lastWrittenUtc; match = $match }
        }
    })
# What Plan may list goes first, however many entries other programs keep.
$wanted = @(foreach ($entry in $all) { if ([string]::Equals($entry['match'], 'exact')) { $entry } })
$rest = @(foreach ($entry in $all) { if (-not [string]::Equals($entry['match'], 'exact')) { $entry } })
$entries = @(Limit-StateList -Needed $wanted -Others $rest)
$finding = 'absent'
if ($present) { $finding = 'present' }
[ordered]@{
    finding      = $finding
    userSid      = $sid
    userSession  = $Parameters.userSession
    os           = [System.Environment]::OSVersion.VersionString
    languageMode = $mode
    entries      = $entries
    entryCount   = $all.Length
}
