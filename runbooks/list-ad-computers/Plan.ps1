<#
.SYNOPSIS
Nothing to change: the state is the answer.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)
