<#
.SYNOPSIS
Builds P/Invoke types with Reflection.Emit: no compiler, nothing written to disk, the same text on 5.1 and 7.
#>
function New-NativeType {
    # $Functions: @{ name; returns; parameters } each, all with SetLastError. $CharSet: of their texts; Ansi is UTF-8 on Linux.
    param([string]$Name, [string]$Library, [object[]]$Functions, [ValidateSet('Unicode', 'Ansi')][string]$CharSet = 'Unicode')
    $assembly = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly([System.Reflection.AssemblyName]::new('Fixpoint.' + $Name), 'Run')
    $type = $assembly.DefineDynamicModule($Name).DefineType($Name, 'Public,Class')
    $import = [System.Runtime.InteropServices.DllImportAttribute]
    foreach ($function in $Functions) {
        $method = $type.DefineMethod($function.name, 'Public,Static,PinvokeImpl', $function.returns, [type[]]$function.parameters)
        $fields = [System.Reflection.FieldInfo[]]@($import.GetField('CharSet'), $import.GetField('SetLastError'))
        $values = [object[]]@([System.Runtime.InteropServices.CharSet]$CharSet, $true)
        $attribute = [System.Reflection.Emit.CustomAttributeBuilder]::new($import.GetConstructor([type[]]@([string])), [object[]]@($Library), $fields, $values)
        $method.SetCustomAttribute($attribute)
        # The native return value is an error flag, never an exception.
        $method.SetImplementationFlags('PreserveSig')
    }
    $type.CreateType()
}

function Get-VaultApi {
    $text = [string]
    $number = [uint32]
    $pointer = [intptr]
    New-NativeType -Name 'Vault' -Library 'advapi32.dll' -Functions @(
        @{ name = 'CredEnumerateW'; returns = [bool]; parameters = @($text, $number, $number.MakeByRefType(), $pointer.MakeByRefType()) }
        @{ name = 'CredDeleteW'; returns = [bool]; parameters = @($text, $number, $number) }
        @{ name = 'CredFree'; returns = [void]; parameters = @($pointer) }
    )
}

function Assert-VaultResult {
    # The Win32 error of a failed call: 1168 is "nothing there", everything else has a stable code.
    param([int]$ErrorNumber)
    if ($ErrorNumber -eq 1168) { return }
    if ($ErrorNumber -eq 1312) { throw 'wrong-logon-session' }
    if ($ErrorNumber -eq 5) { throw 'vault-policy' }
    throw 'inconclusive'
}

function Read-VaultEntry {
    # Names, types and times of the entries whose name begins with the prefix; the secret is never touched.
    param([object]$Api, [string]$Prefix)
    $count = [uint32]0
    $list = [intptr]::Zero
    $marshal = [System.Runtime.InteropServices.Marshal]
    if (-not $Api::CredEnumerateW($Prefix + '*', [uint32]0, [ref]$count, [ref]$list)) {
        Assert-VaultResult -ErrorNumber $marshal::GetLastWin32Error()
        return
    }
    try {
        for ($i = 0; $i -lt $count; $i++) {
            $entry = $marshal::ReadIntPtr($list, $i * [intptr]::Size)
            $written = $marshal::ReadInt64($entry, 8 + 2 * [intptr]::Size)
            [pscustomobject]@{
                targetName     = $marshal::PtrToStringUni($marshal::ReadIntPtr($entry, 8))
                type           = $marshal::ReadInt32($entry, 4)
                lastWrittenUtc = [datetime]::FromFileTimeUtc($written).ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [cultureinfo]::InvariantCulture)
            }
        }
    } finally {
        $Api::CredFree($list)
    }
}

function Remove-VaultEntry {
    # True when it was there; false when it was gone already.
    param([object]$Api, [string]$TargetName, [uint32]$Type)
    if ($Api::CredDeleteW($TargetName, $Type, [uint32]0)) { return $true }
    Assert-VaultResult -ErrorNumber ([System.Runtime.InteropServices.Marshal]::GetLastWin32Error())
    return $false
}
