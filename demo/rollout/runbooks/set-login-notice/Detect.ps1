<#
.SYNOPSIS
Reads the login notice.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)
$text = $null
if ([IO.File]::Exists($Parameters.file)) { $text = [IO.File]::ReadAllText($Parameters.file) }
$finding = 'present'
if ([string]::Equals($text, $Parameters.text)) { $finding = 'absent' }
[ordered]@{ finding = $finding; text = $text }
