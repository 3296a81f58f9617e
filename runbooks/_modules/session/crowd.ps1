<#
.SYNOPSIS
Lists of a state that must stay small however much there is on a computer.
#>
function Limit-StateList {
    # Every item that Plan needs, then the first of the others as examples; the state counts all of them. Refuses (cap-exceeded) where even
    # the needed ones are more than one job should change.
    param([object[]]$Needed, [object[]]$Others)
    if ($Needed.Length -gt 400) { throw 'cap-exceeded' }
    $Needed
    for ($i = 0; $i -lt $Others.Length -and $i -lt 50; $i++) { $Others[$i] }
}

function Get-FirstName {
    # The first twenty of these texts, in ordinal order.
    param([string[]]$Names)
    [array]::Sort($Names, [StringComparer]::Ordinal)
    for ($i = 0; $i -lt $Names.Length -and $i -lt 20; $i++) { $Names[$i] }
}
