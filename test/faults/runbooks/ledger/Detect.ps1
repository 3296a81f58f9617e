<#
.SYNOPSIS
Reads the last value of each object.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)
if ([IO.File]::Exists([IO.Path]::Combine($Parameters.directory, 'closed-' + $Parameters.value))) { throw 'window-closed' }
$fault = $false
$objects = @(foreach ($name in $Parameters.objects) {
        $path = [IO.Path]::Combine($Parameters.directory, $name + '.ledger')
        $text = $null
        while ($null -eq $text) {
            try {
                $text = ''
                if ([IO.File]::Exists($path)) { $text = $null; $text = [IO.File]::ReadAllText($path) }
            }
            catch [IO.IOException] { Start-Sleep -Milliseconds 5 }
        }
        $value = $null
        foreach ($line in $text.Split("`n")) {
            $words = $line.Split(' ')
            if ($words.Length -lt 5) { continue }
            if ([string]::Equals($words[0], 'effect') -or [string]::Equals($words[0], 'undo')) {
                $value = $words[3]
                if ([string]::Equals($value, '-')) { $value = $null }
            }
        }
        if (-not [string]::Equals($value, $Parameters.value)) { $fault = $true }
        [ordered]@{ id = $Parameters.directory + '/' + $name; name = $name; value = $value }
    })
$finding = 'absent'
if ($fault) { $finding = 'present' }
[ordered]@{ finding = $finding; objects = $objects }
