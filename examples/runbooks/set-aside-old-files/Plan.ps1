<#
.SYNOPSIS
One change for each old file: it gets a name that says which job set it aside.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters, [Parameter(Mandatory)][object]$State)
foreach ($file in $State.files) {
    [ordered]@{
        resource = 'file:' + $Parameters.folder + '/' + $file.name
        property = 'path'
        before   = $file.name
        after    = $file.name + '.rbk-' + $Parameters.jobId
        action   = 'set-aside'
    }
}
