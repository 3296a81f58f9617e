<#
.SYNOPSIS
Whose session this is. What belongs to one user is looked at and changed only in that user's own session, whatever the setting userSession.
#>
function Assert-OwnSession {
    # The user's SID. Refuses another user's session, and a language mode in which native calls are forbidden.
    param([string]$UserSid)
    if (-not [string]::Equals("$($ExecutionContext.SessionState.LanguageMode)", 'FullLanguage')) { throw 'constrained-language' }
    $sid = [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value
    if (-not [string]::Equals($sid, $UserSid, 'OrdinalIgnoreCase')) { throw 'wrong-logon-session' }
    $sid
}

function ConvertTo-UtcText {
    # One precision everywhere, so that the order of the text is the order of the times.
    param([datetime]$Time)
    $Time.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [cultureinfo]::InvariantCulture)
}
