# The laboratory's hand in a PC: reads one command a line (words separated by tabs), answers with lines and a last line '.', or '! why'.
# Independent of the product's own modules: the tests check one against the other.
$ErrorActionPreference = 'Stop'
$asm = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly([Reflection.AssemblyName]::new('LabHand'), 'Run')
$type = $asm.DefineDynamicModule('LabHand').DefineType('LabCrypt', 'Public,Class')
$dll = [Runtime.InteropServices.DllImportAttribute]
$table = @(
    @('CertControlStore', [type[]]@([IntPtr], [uint32], [uint32], [IntPtr])),
    @('CertSetCertificateContextProperty', [type[]]@([IntPtr], [uint32], [uint32], [IntPtr])),
    @('CertGetCertificateContextProperty', [type[]]@([IntPtr], [uint32], [IntPtr], [uint32].MakeByRefType()))
)
foreach ($row in $table) {
    $m = $type.DefineMethod($row[0], 'Public,Static,PinvokeImpl', [bool], $row[1])
    $m.SetCustomAttribute([Reflection.Emit.CustomAttributeBuilder]::new($dll.GetConstructor([type[]]@([string])), [object[]]@('crypt32.dll'), [Reflection.FieldInfo[]]@($dll.GetField('SetLastError')), [object[]]@($true)))
    $m.SetImplementationFlags('PreserveSig')
}
$crypt = $type.CreateType()
$marshal = [Runtime.InteropServices.Marshal]
$held = @{}

function Open-Store {
    $store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
    $store.Open('ReadWrite')
    $store
}
function Close-Store($store) {
    # Without the commit Wine forgets what was taken out.
    if (-not $crypt::CertControlStore($store.StoreHandle, 0, 3, [IntPtr]::Zero)) { throw "CertControlStore: $($marshal::GetLastWin32Error())" }
    $store.Close()
}
function Set-Container($certificate, $container) {
    # CRYPT_KEY_PROV_INFO on 64 bit: container at 0, provider at 8, kind of provider at 16, key use at 40.
    $info = $marshal::AllocHGlobal(48)
    for ($i = 0; $i -lt 48; $i += 8) { $marshal::WriteInt64($info, $i, 0) }
    $marshal::WriteIntPtr($info, 0, $marshal::StringToHGlobalUni($container))
    $marshal::WriteIntPtr($info, 8, $marshal::StringToHGlobalUni('Microsoft Enhanced RSA and AES Cryptographic Provider'))
    $marshal::WriteInt32($info, 16, 24)
    $marshal::WriteInt32($info, 40, 1)
    if (-not $crypt::CertSetCertificateContextProperty($certificate.Handle, 2, 0, $info)) { throw "container: $($marshal::GetLastWin32Error())" }
}
function Get-Root($name) { if ($name -eq 'HKLM') { [Microsoft.Win32.Registry]::LocalMachine } else { [Microsoft.Win32.Registry]::CurrentUser } }

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $word = @($line.Split("`t"))
    try {
        switch ($word[0]) {
            'certificates' {
                $store = Open-Store
                foreach ($c in $store.Certificates) { [Console]::Out.WriteLine($c.Thumbprint) }
                $store.Close()
            }
            'clear-certificates' {
                $store = Open-Store
                foreach ($c in @($store.Certificates)) { $store.Remove($c) }
                Close-Store $store
            }
            'add-certificate' {
                $c = [Security.Cryptography.X509Certificates.X509Certificate2]::new([Convert]::FromBase64String($word[1]))
                if ($word[2]) { Set-Container $c $word[2] }
                $store = Open-Store
                $store.Add($c)
                Close-Store $store
            }
            'get-value' {
                $key = (Get-Root $word[1]).OpenSubKey($word[2])
                if ($key) { $value = $key.GetValue($word[3]); if ($null -ne $value) { [Console]::Out.WriteLine("$value") } }
            }
            'set-value' { (Get-Root $word[1]).CreateSubKey($word[2]).SetValue($word[3], $word[4]) }
            'delete-value' { (Get-Root $word[1]).CreateSubKey($word[2]).DeleteValue($word[3], $false) }
            'set-attributes' { [IO.File]::SetAttributes($word[1], [IO.FileAttributes]$word[2]) }
            'attributes' { [Console]::Out.WriteLine("$([IO.File]::GetAttributes($word[1]))") }
            'hold' { $held[$word[1]] = [IO.File]::Open($word[1], 'Open', 'ReadWrite', 'None') }
            'release' { foreach ($h in $held.Values) { $h.Dispose() }; $held.Clear() }
            'profile' {
                [Console]::Out.WriteLine([Environment]::GetFolderPath('ApplicationData'))
                [Console]::Out.WriteLine([Security.Principal.WindowsIdentity]::GetCurrent().User.Value)
            }
            default { throw 'unknown command' }
        }
        [Console]::Out.WriteLine('.')
    } catch {
        [Console]::Out.WriteLine('! ' + "$_".Replace("`n", ' '))
    }
    [Console]::Out.Flush()
}
