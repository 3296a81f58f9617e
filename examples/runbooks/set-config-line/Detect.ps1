<#
.SYNOPSIS
Reads the one line that sets the name.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)
$file = Read-TextFile -LiteralPath $Parameters.file
$lines = @(Get-SettingLine -Lines $file.lines -Name $Parameters.name)
if ($lines.Count -eq 0) { throw 'setting-not-found' }
if ($lines.Count -gt 1) { throw 'setting-ambiguous' }
$finding = 'present'
if ([string]::Equals($lines[0].text, $Parameters.name + ' = ' + $Parameters.value, 'Ordinal')) { $finding = 'absent' }
[ordered]@{ finding = $finding; lines = $lines }
