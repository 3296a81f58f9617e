<#
.SYNOPSIS
Looks which of the things that the named job set aside are still there. What they are is known from the record, not from the disk.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)

$sid = Assert-OwnSession -UserSid $Parameters.userSid
if ($null -eq $Parameters.quarantine) { throw 'target-not-found' }
$root = [System.Environment]::GetFolderPath('UserProfile')
$present = $false
$items = @(foreach ($listed in $Parameters.quarantine.items) {
        $path = Resolve-QuarantineItem -LiteralPath $listed -OfJob $Parameters.ofJob -Root $root
        $files = 0
        $bytes = 0
        $exists = $null -ne (Get-PathAttribute -LiteralPath $path)
        if ($exists) {
            $present = $true
            foreach ($one in @(Get-TreeFile -LiteralPath $path)) {
                if (Test-Folder -LiteralPath $one) { continue }
                $files++
                $bytes += [System.IO.FileInfo]::new($one).Length
            }
        }
        [ordered]@{ path = $path; exists = $exists; files = $files; bytes = $bytes }
    })
$finding = 'absent'
if ($present) { $finding = 'present' }
[ordered]@{ finding = $finding; userSid = $sid; userSession = $Parameters.userSession; items = $items }
