<#
.SYNOPSIS
One change where the notice says something else.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)
if (-not [string]::Equals($State.text, $Parameters.text)) {
    [ordered]@{
        resource = 'file:' + $Parameters.file
        property = 'text'
        before   = $State.text
        after    = $Parameters.text
        action   = 'write-notice'
    }
}
