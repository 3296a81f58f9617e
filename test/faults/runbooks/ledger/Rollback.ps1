<#
.SYNOPSIS
Gives one object the value back that it had.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)
$name = $Change.resource.Substring($Change.resource.LastIndexOf([char]'/') + 1)
$value = "-"
if ($null -ne $Change.before) { $value = $Change.before }
$path = [IO.Path]::Combine($Parameters.directory, $name + '.ledger')
foreach ($word in @('begin', 'undo', 'end')) {
    $stream = $null
    while ($null -eq $stream) {
        try { $stream = [IO.FileStream]::new($path, [IO.FileMode]::Append, [IO.FileAccess]::Write, [IO.FileShare]::None) }
        catch [IO.IOException] { Start-Sleep -Milliseconds 5 }
    }
    try {
        $at = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()
        $bytes = [Text.Encoding]::UTF8.GetBytes($word + ' ' + $Parameters.jobId + ' ' + $name + ' ' + $value + ' ' + $at + "`n")
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    }
    finally { $stream.Dispose() }
    if (-not [string]::Equals($word, 'end')) { Start-Sleep -Milliseconds $Parameters.holdMs }
}
[ordered]@{ outcome = 'changed' }
