<#
.SYNOPSIS
Replaces the line, if it is still what the plan saw.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$Change)
$file = Read-TextFile -LiteralPath $Parameters.file
$lines = @(Get-SettingLine -Lines $file.lines -Name $Parameters.name)
if ($lines.Count -ne 1) { throw 'state-drift' }
if ([string]::Equals($lines[0].text, $Change.after, 'Ordinal')) { return [ordered]@{ outcome = 'noop' } }
if (-not [string]::Equals($lines[0].text, $Change.before, 'Ordinal')) { throw 'state-drift' }
# The digest is of what was read above: another writer in between makes it false, and nothing is written.
if (-not (Set-TextLine -LiteralPath $Parameters.file -Digest $file.digest -Number $lines[0].number -Text $Change.after)) { throw 'state-drift' }
[ordered]@{ outcome = 'changed' }
