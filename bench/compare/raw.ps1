<#
.SYNOPSIS
What people write without Fixpoint: the same read and the same change on many servers, over SSH. Answers each line of its input.
#>
[CmdletBinding()]
param([Parameter(Mandatory)][string]$Setup)
$ErrorActionPreference = 'Stop'
$given = [IO.File]::ReadAllText($Setup) | ConvertFrom-Json
$detect = { [IO.File]::ReadAllText($env:BENCH_FILE) }
$apply = {
    param($text)
    if ([IO.File]::ReadAllText($env:BENCH_FILE) -cne $text) { [IO.File]::WriteAllText($env:BENCH_FILE, $text) }
}
$options = @{
    BatchMode = 'yes'; StrictHostKeyChecking = 'yes'; UserKnownHostsFile = $given.knownHosts; GlobalKnownHostsFile = 'none'
    IdentitiesOnly = 'yes'; LogLevel = 'ERROR'
}
if ($given.controlPath) { $options.ControlMaster = 'auto'; $options.ControlPath = $given.controlPath; $options.ControlPersist = '600' }
$kept = @()
while ($null -ne ($line = [Console]::In.ReadLine())) {
    try {
        $asked = $line | ConvertFrom-Json
        # Not with -SSHConnection: it forgets some of port, user and options, others from start to start (7.6).
        $hosts = @($asked.targets.host)
        $shared = @{ Port = $asked.targets[0].port; UserName = $asked.targets[0].user; KeyFilePath = $given.identityFile; Options = $options }
        for ($i = 0; $i -lt $hosts.Count; $i += $asked.atOnce) {
            $batch = $hosts[$i..([Math]::Min($i + $asked.atOnce, $hosts.Count) - 1)]
            if ($asked.way -eq 'invoke') {
                $null = Invoke-Command -HostName $batch @shared -ScriptBlock $detect
                Invoke-Command -HostName $batch @shared -ScriptBlock $apply -ArgumentList $asked.text
                $seen = @(Invoke-Command -HostName $batch @shared -ScriptBlock $detect)
            }
            else {
                if ($asked.way -eq 'kept' -and $kept.Count -ge $hosts.Count) { $sessions = $kept[$i..($i + $batch.Count - 1)] }
                else { $sessions = @(New-PSSession -HostName $batch @shared) }
                $null = Invoke-Command -Session $sessions -ScriptBlock $detect
                Invoke-Command -Session $sessions -ScriptBlock $apply -ArgumentList $asked.text
                $seen = @(Invoke-Command -Session $sessions -ScriptBlock $detect)
                if ($asked.way -ne 'kept') { Remove-PSSession -Session $sessions }
                elseif ($kept.Count -lt $hosts.Count) { $kept += $sessions }
            }
            if ($seen.Count -ne $batch.Count -or @($seen | Where-Object { $_ -cne $asked.text }).Count) { throw 'not every server says the new text' }
        }
        [Console]::Out.WriteLine('done')
    }
    catch { [Console]::Out.WriteLine('error ' + ($_.Exception.Message -replace '\s+', ' ')) }
}
