<#
.SYNOPSIS
Owner and access list of a folder as SDDL, through the security functions of Windows: the same text on 5.1 and 7. Needs the module native.
#>
function Get-RightsApi {
    $number = [uint32]
    $pointer = [intptr]
    $back = $pointer.MakeByRefType()
    New-NativeType -Name 'Rights' -Library 'advapi32.dll' -Functions @(
        @{ name = 'GetNamedSecurityInfoW'; returns = $number; parameters = @([string], $number, $number, $back, $back, $back, $back, $back) }
        @{ name = 'SetNamedSecurityInfoW'; returns = $number; parameters = @([string], $number, $number, $pointer, $pointer, $pointer, $pointer) }
        @{ name = 'ConvertSecurityDescriptorToStringSecurityDescriptorW'; returns = [bool]; parameters = @($pointer, $number, $number, $back, $back) }
        @{ name = 'ConvertStringSecurityDescriptorToSecurityDescriptorW'; returns = [bool]; parameters = @([string], $number, $back, $back) }
        @{ name = 'GetSecurityDescriptorOwner'; returns = [bool]; parameters = @($pointer, $back, $back) }
        @{ name = 'GetSecurityDescriptorDacl'; returns = [bool]; parameters = @($pointer, $back, $back, $back) }
    )
}

function Assert-RightsResult {
    param([uint32]$ErrorNumber)
    if ($ErrorNumber -eq 0) { return }
    # 5 access denied, 1307 and 1314 may not be made owner, or lacks the privilege.
    if ($ErrorNumber -eq 5 -or $ErrorNumber -eq 1307 -or $ErrorNumber -eq 1314) { throw 'access-denied' }
    throw 'inconclusive'
}

function Get-FolderRights {
    # Owner (1) and access list (4): the SDDL, the owner's SID, and whether entries are inherited from the parent.
    param([object]$Api, [string]$LiteralPath)
    $zero = [intptr]::Zero
    $owner = $group = $list = $audit = $descriptor = $zero
    Assert-RightsResult -ErrorNumber $Api::GetNamedSecurityInfoW($LiteralPath, [uint32]1, [uint32]5, [ref]$owner, [ref]$group, [ref]$list, [ref]$audit, [ref]$descriptor)
    $text = $length = $zero
    if (-not $Api::ConvertSecurityDescriptorToStringSecurityDescriptorW($descriptor, [uint32]1, [uint32]5, [ref]$text, [ref]$length)) { throw 'inconclusive' }
    $sddl = [System.Runtime.InteropServices.Marshal]::PtrToStringUni($text)
    $head = $sddl
    if ($sddl.IndexOf('D:', [StringComparison]::Ordinal) -ge 0) { $head = $sddl.Substring($sddl.IndexOf('D:', [StringComparison]::Ordinal) + 2).Split('(')[0] }
    [pscustomobject]@{
        sddl      = $sddl
        ownerSid  = [System.Security.Principal.SecurityIdentifier]::new($owner).Value
        # The flag P after D: means protected from what the parent says.
        inherited = $head.IndexOf([char]'P') -lt 0
    }
}

function Set-FolderRights {
    # Sets owner and access list from SDDL. $Inherit: take the parent's entries in; otherwise as the SDDL says.
    param([object]$Api, [string]$LiteralPath, [string]$Sddl, [bool]$Inherit)
    $zero = [intptr]::Zero
    $descriptor = $length = $owner = $list = $given = $defaulted = $zero
    if (-not $Api::ConvertStringSecurityDescriptorToSecurityDescriptorW($Sddl, [uint32]1, [ref]$descriptor, [ref]$length)) { throw 'invalid-value' }
    if (-not $Api::GetSecurityDescriptorOwner($descriptor, [ref]$owner, [ref]$defaulted)) { throw 'invalid-value' }
    if (-not $Api::GetSecurityDescriptorDacl($descriptor, [ref]$given, [ref]$list, [ref]$defaulted)) { throw 'invalid-value' }
    # 0x20000000 takes inheritance up again, 0x80000000 keeps it out.
    $what = [uint32]2147483653
    if ($Inherit) { $what = [uint32]536870917 }
    Assert-RightsResult -ErrorNumber $Api::SetNamedSecurityInfoW($LiteralPath, [uint32]1, $what, $owner, $zero, $list, $zero)
}
