<#
.SYNOPSIS
Lists the files of the folder that were last written longer ago than the request says.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)
Assert-PlainPath -LiteralPath $Parameters.folder
if (-not (Test-Folder -LiteralPath $Parameters.folder)) { throw 'not-applicable' }
$style = [Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'
$format = 'yyyy-MM-ddTHH:mm:ss.fffZ'
$asked = [datetime]::ParseExact($Parameters.requestedAtTargetUtc, $format, [cultureinfo]::InvariantCulture, $style)
$limit = $asked.AddDays(-$Parameters.days)
$old = @(foreach ($file in [IO.DirectoryInfo]::new($Parameters.folder).GetFiles()) {
        if (($file.Attributes -band [System.IO.FileAttributes]::ReparsePoint) -ne 0 -or $file.LastWriteTimeUtc -ge $limit) { continue }
        # What a job has set aside already.
        if ($file.Name -match '\.rbk-[0-9a-f]{32}\z') { continue }
        [ordered]@{
            name       = $file.Name
            bytes      = $file.Length
            writtenUtc = $file.LastWriteTimeUtc.ToString($format, [cultureinfo]::InvariantCulture)
        }
    })
$files = @(for ($i = 0; $i -lt $old.Count -and $i -lt 200; $i++) { $old[$i] })
$finding = 'absent'
if ($files.Count -gt 0) { $finding = 'present' }
[ordered]@{ finding = $finding; files = $files; more = $old.Count - $files.Count }
