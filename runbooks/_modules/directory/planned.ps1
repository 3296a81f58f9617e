<#
.SYNOPSIS
What the plan of this job is about already: from the first plan on, objects are their ids and names are not looked up again.
#>
function Get-PlannedUser {
    # The objectGUIDs that the plan of this job locks; nothing in the first Detect.
    param([object]$Parameters)
    if ($null -eq $Parameters.PSObject.Properties['planned'] -or $null -eq $Parameters.planned) { return }
    foreach ($key in $Parameters.planned.locks) {
        if ($key.StartsWith('user:', [StringComparison]::Ordinal)) { $key.Substring(5) }
    }
}

function Test-Undoing {
    # Whether this job is a rollback.
    param([object]$Parameters)
    $null -ne $Parameters.PSObject.Properties['planned'] -and $null -ne $Parameters.planned -and $Parameters.planned.undo
}
