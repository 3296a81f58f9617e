<#
.SYNOPSIS
Finds the processes of the program and user that ran when the job was requested, and counts those that run now.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][object]$Parameters)
$user = Get-UnixUserId -Name $Parameters.user
if ($null -eq $user) { throw 'user-unknown' }
$running = @(Get-UnixProcess -Executable $Parameters.executable -UserId $user)
$old = @(foreach ($process in $running) {
        if (-not (Test-StartedBefore -StartTicks $process.startTicks -Utc $Parameters.requestedAtTargetUtc)) { continue }
        [ordered]@{ id = $process.id; startTicks = $process.startTicks; startedUtc = $process.startedUtc }
    })
# Nothing runs: it was never started, or it is not started again yet. Neither is what was asked for.
$finding = 'inconclusive'
if ($running.Count -gt 0) { $finding = 'absent' }
if ($old.Count -gt 0) { $finding = 'present' }
[ordered]@{ finding = $finding; old = $old; running = $running.Count }
