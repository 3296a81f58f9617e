<#
.SYNOPSIS
Removes one entry from the user's vault.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)

if (-not [string]::Equals("$($ExecutionContext.SessionState.LanguageMode)", 'FullLanguage')) { throw 'constrained-language' }
$sid = [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value
if (-not [string]::Equals($sid, $Parameters.userSid, 'OrdinalIgnoreCase')) { throw 'wrong-logon-session' }
$part = $Change.resource.Split([char[]]@('/'), 3)
if (-not [string]::Equals($part[0], 'vault:' + $sid, 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
$kinds = @{ 'generic' = 1; 'domain-password' = 2; 'domain-certificate' = 3 }
if (-not $kinds.ContainsKey($part[1])) { throw 'invalid-value' }
if (-not $part[2].StartsWith('Microsoft_OC1:uri=' + $Parameters.sipAddress + ':specific:', 'OrdinalIgnoreCase')) { throw 'path-outside-root' }
$PSCmdlet.WriteVerbose('removing ' + $part[2])
if (Remove-VaultEntry -Api (Get-VaultApi) -TargetName $part[2] -Type ([uint32]$kinds[$part[1]])) {
    return [ordered]@{ outcome = 'changed' }
}
[ordered]@{ outcome = 'noop' }
