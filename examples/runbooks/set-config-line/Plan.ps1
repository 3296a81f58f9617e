<#
.SYNOPSIS
The line as it must be, where it is another.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)
$wanted = $Parameters.name + ' = ' + $Parameters.value
foreach ($line in $State.lines) {
    if ([string]::Equals($line.text, $wanted, 'Ordinal')) { continue }
    [ordered]@{
        resource = 'file:' + $Parameters.file
        property = 'setting:' + $Parameters.name
        before   = $line.text
        after    = $wanted
        action   = 'set-line'
    }
}
