<#
.SYNOPSIS
Gives one object its value, whatever it has: nothing here guards against a second effect, so that one shows.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)
$name = $Change.resource.Substring($Change.resource.LastIndexOf([char]'/') + 1)
if ([string]::Equals($Parameters.refuse, $name)) { throw 'directory-refused' }
$path = [IO.Path]::Combine($Parameters.directory, $name + '.ledger')
foreach ($word in @('begin', 'effect', 'end')) {
    $stream = $null
    while ($null -eq $stream) {
        try { $stream = [IO.FileStream]::new($path, [IO.FileMode]::Append, [IO.FileAccess]::Write, [IO.FileShare]::None) }
        catch [IO.IOException] { Start-Sleep -Milliseconds 5 }
    }
    try {
        $at = [DateTimeOffset]::UtcNow.ToUnixTimeMilliseconds()
        $bytes = [Text.Encoding]::UTF8.GetBytes($word + ' ' + $Parameters.jobId + ' ' + $name + ' ' + $Change.after + ' ' + $at + "`n")
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    }
    finally { $stream.Dispose() }
    if (-not [string]::Equals($word, 'end')) { Start-Sleep -Milliseconds $Parameters.holdMs }
}
[ordered]@{ outcome = 'changed' }
