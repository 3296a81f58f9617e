<#
.SYNOPSIS
Reads the named files of a folder.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)
$fault = $false
$files = @(foreach ($name in $Parameters.names) {
        $path = [IO.Path]::Combine($Parameters.directory, $name)
        $text = $null
        if ([IO.File]::Exists($path)) { $text = [IO.File]::ReadAllText($path) }
        if (-not [string]::Equals($text, $Parameters.text)) { $fault = $true }
        [ordered]@{ name = $name; text = $text }
    })
$finding = 'absent'
if ($fault) { $finding = 'present' }
[ordered]@{ finding = $finding; files = $files }
