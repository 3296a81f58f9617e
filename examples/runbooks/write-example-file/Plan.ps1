<#
.SYNOPSIS
One change for each file that does not hold the text.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)
foreach ($file in $State.files) {
    if ([string]::Equals($file.text, $Parameters.text)) { continue }
    [ordered]@{
        resource = 'file:' + $Parameters.directory + '/' + $file.name
        property = 'text'
        before   = $file.text
        after    = $Parameters.text
        action   = 'write-file'
    }
}
