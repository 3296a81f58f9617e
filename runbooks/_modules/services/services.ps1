<#
.SYNOPSIS
Units of systemd: their state, and a restart. systemctl is run with fixed arguments and the name of one unit, never by a shell.
#>
function Assert-UnitName {
    # Refuses what is not the full name of a service, such as nginx.service, and a target without systemd.
    param([string]$Unit)
    if ($Unit -cnotmatch '\A[A-Za-z0-9_][A-Za-z0-9:_.@\\-]{0,200}\.service\z') { throw 'invalid-value' }
    if ($null -eq (Get-Command -Name 'systemctl' -CommandType Application -ErrorAction SilentlyContinue)) { throw 'not-applicable' }
}

function Get-SystemUnit {
    # loadState (loaded, not-found, masked), activeState (active, failed, inactive, activating), subState, mainProcess (0: none) and
    # invocation: 32 hex digits that are others after each start, which proves a restart; empty while it does not run. Throws
    # inconclusive where systemd does not answer.
    param([string]$Unit)
    Assert-UnitName -Unit $Unit
    $lines = @(systemctl 'show' '--no-pager' '--property=LoadState,ActiveState,SubState,MainPID,InvocationID' '--' $Unit 2>&1)
    if ($LASTEXITCODE -ne 0) { throw 'inconclusive' }
    $values = @{}
    foreach ($line in $lines) {
        $text = [string]$line
        $at = $text.IndexOf([char]'=')
        if ($at -gt 0) { $values[$text.Substring(0, $at)] = $text.Substring($at + 1) }
    }
    if ($null -eq $values['LoadState'] -or $null -eq $values['MainPID']) { throw 'inconclusive' }
    [ordered]@{
        loadState   = $values['LoadState']
        activeState = $values['ActiveState']
        subState    = $values['SubState']
        mainProcess = [int]$values['MainPID']
        invocation  = [string]$values['InvocationID']
    }
}

function Restart-SystemUnit {
    # Restarts a unit and waits until systemd says that it runs. Returns restarted; denied (the account may not); or failed (it did not
    # start: read its log).
    param([string]$Unit)
    Assert-UnitName -Unit $Unit
    $said = (@(systemctl 'restart' '--no-ask-password' '--' $Unit 2>&1) | ForEach-Object { [string]$_ }) -join ' '
    if ($LASTEXITCODE -eq 0) { return 'restarted' }
    if ($LASTEXITCODE -eq 4 -or $said -match 'authentication required|access denied') { return 'denied' }
    'failed'
}
