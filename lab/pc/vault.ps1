# The Credential Manager of the user who runs it: `list` its names, `seed NAME...` makes it hold exactly these.
# Independent of the product's own module: the tests check one against the other.
$verb = [string]$args[0]
$asm = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly([Reflection.AssemblyName]::new('Lab'), 'Run')
$type = $asm.DefineDynamicModule('Lab').DefineType('LabVault', 'Public,Class')
$dll = [Runtime.InteropServices.DllImportAttribute]
$table = @(
    @('CredWriteW', [bool], [type[]]@([IntPtr], [uint32])),
    @('CredEnumerateW', [bool], [type[]]@([IntPtr], [uint32], [uint32].MakeByRefType(), [IntPtr].MakeByRefType())),
    @('CredDeleteW', [bool], [type[]]@([string], [uint32], [uint32]))
)
foreach ($row in $table) {
    $m = $type.DefineMethod($row[0], 'Public,Static,PinvokeImpl', $row[1], $row[2])
    $fields = [Reflection.FieldInfo[]]@($dll.GetField('CharSet'), $dll.GetField('SetLastError'))
    $m.SetCustomAttribute([Reflection.Emit.CustomAttributeBuilder]::new($dll.GetConstructor([type[]]@([string])), [object[]]@('advapi32.dll'), $fields, [object[]]@([Runtime.InteropServices.CharSet]::Unicode, $true)))
    $m.SetImplementationFlags('PreserveSig')
}
$api = $type.CreateType()
$marshal = [Runtime.InteropServices.Marshal]
function Get-Names {
    $count = [uint32]0; $list = [IntPtr]::Zero
    if (-not $api::CredEnumerateW([IntPtr]::Zero, 0, [ref]$count, [ref]$list)) { return }
    for ($i = 0; $i -lt $count; $i++) {
        $marshal::PtrToStringUni($marshal::ReadIntPtr($marshal::ReadIntPtr($list, $i * 8), 8))
    }
}
if ($verb -eq 'list') { Get-Names }
if ($verb -eq 'seed') { foreach ($name in @(Get-Names)) { $null = $api::CredDeleteW($name, 1, 0) } }
if ($verb -eq 'seed') {
    foreach ($name in @($args | Where-Object { $_ -ne 'seed' })) {
        # CREDENTIALW on 64 bit: 80 bytes; type at 4, name at 8, blob size at 32, blob at 40, persist at 48, user at 72.
        $entry = $marshal::AllocHGlobal(80)
        for ($i = 0; $i -lt 80; $i += 8) { $marshal::WriteInt64($entry, $i, 0) }
        $marshal::WriteInt32($entry, 4, 1)
        $marshal::WriteIntPtr($entry, 8, $marshal::StringToHGlobalUni($name))
        $marshal::WriteInt32($entry, 32, 8)
        $marshal::WriteIntPtr($entry, 40, $marshal::StringToHGlobalUni('seed'))
        $marshal::WriteInt32($entry, 48, 2)
        $marshal::WriteIntPtr($entry, 72, $marshal::StringToHGlobalUni('user'))
        if (-not $api::CredWriteW($entry, 0)) { throw "CredWriteW: $($marshal::GetLastWin32Error())" }
    }
}
