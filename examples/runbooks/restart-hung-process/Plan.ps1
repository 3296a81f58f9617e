<#
.SYNOPSIS
One change for each process that ran when the job was requested.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)
foreach ($process in $State.old) {
    # The number and the start together are the process: a number is given to another one some day.
    [ordered]@{
        resource = 'process:' + $process.id + ':' + $process.startTicks
        property = 'running'
        before   = $true
        after    = $false
        action   = 'end-process'
    }
}
