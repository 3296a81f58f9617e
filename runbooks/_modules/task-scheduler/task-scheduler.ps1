<#
.SYNOPSIS
The Windows Task Scheduler, as far as the module user-session needs it: register, start in one session, look, stop, remove.
#>
function Get-TaskService {
    # Late bound: the same text needs no module of Windows and no compiler.
    try {
        $service = [System.Activator]::CreateInstance([type]::GetTypeFromProgID('Schedule.Service', $true))
        $service.Connect()
    } catch {
        throw 'module-missing'
    }
    $service
}

function Get-ManagementService {
    try {
        $locator = [System.Activator]::CreateInstance([type]::GetTypeFromProgID('WbemScripting.SWbemLocator', $true))
        $service = $locator.ConnectServer('.', 'root\cimv2')
    } catch {
        throw 'module-missing'
    }
    $service
}

function Get-ErrorNumber {
    # The HRESULT at the bottom of an error: its message is in the language of the machine.
    param([object]$ErrorRecord)
    $cause = $ErrorRecord.Exception
    while ($null -ne $cause.InnerException) { $cause = $cause.InnerException }
    $cause.HResult
}

function Get-TaskErrorCode {
    # The stable code of an HRESULT of the Task Scheduler; $null for "there is no such task".
    param([int]$Number)
    if ($Number -eq -2147024894) { return $null }                           # 0x80070002
    if ($Number -eq -2147216608) { return 'user-not-logged-on' }            # 0x80041320 SCHED_E_USER_NOT_LOGGED_ON
    if ($Number -eq -2147216609) { return 'user-session-busy' }                   # 0x8004131F SCHED_E_ALREADY_RUNNING
    if ($Number -eq -2147024713) { return 'user-session-busy' }                   # 0x800700B7 a task of this name is there
    if ($Number -eq -2147024891) { return 'access-denied' }                 # 0x80070005
    if ($Number -eq -2147023564) { return 'target-not-found' }              # 0x80070534 no account has this SID
    return 'inconclusive'
}

function Get-LogonSession {
    # Sessions in which the user has a desktop. An error is never "nobody".
    param([string]$UserSid)
    $service = Get-ManagementService
    $sessions = [System.Collections.Generic.List[object]]::new()
    try {
        foreach ($process in $service.ExecQuery("SELECT * FROM Win32_Process WHERE Name = 'explorer.exe'")) {
            try {
                $owner = $process.ExecMethod_('GetOwnerSid').Properties_.Item('Sid').Value
            } catch {
                # It ended between the query and the question.
                if ((Get-ErrorNumber -ErrorRecord $_) -eq -2147217406) { continue }
                throw
            }
            $session = [int]$process.Properties_.Item('SessionId').Value
            if ([string]::Equals("$owner", $UserSid, 'OrdinalIgnoreCase') -and -not $sessions.Contains($session)) { $sessions.Add($session) }
        }
    } catch {
        throw 'inconclusive'
    }
    $sessions.Sort()
    foreach ($session in $sessions) { $session }
}

function Register-UserTask {
    # A task of the user's interactive token, without a trigger: nothing but Start-UserTask ever starts it.
    param([string]$Name, [string]$UserSid, [string]$Command, [string]$Arguments, [int]$LimitSeconds)
    $service = Get-TaskService
    try {
        $task = $service.NewTask(0)
        $task.RegistrationInfo.Description = 'Fixpoint: one step of a job, run as this user. It is removed when the step ends.'
        $task.Principal.UserId = $UserSid
        $task.Principal.LogonType = 3                                       # TASK_LOGON_INTERACTIVE_TOKEN
        $task.Principal.RunLevel = 0                                        # least privilege
        $settings = $task.Settings
        $settings.AllowDemandStart = $true
        $settings.Hidden = $true
        $settings.MultipleInstances = 2                                     # TASK_INSTANCES_IGNORE_NEW
        # The defaults would not start on battery, and would let it run for three days.
        $settings.DisallowStartIfOnBatteries = $false
        $settings.StopIfGoingOnBatteries = $false
        $settings.ExecutionTimeLimit = 'PT' + $LimitSeconds + 'S'
        $action = $task.Actions.Create(0)                                   # TASK_ACTION_EXEC
        $action.Path = $Command
        $action.Arguments = $Arguments
        # TASK_CREATE; the user may not start it again by hand.
        $null = $service.GetFolder('\').RegisterTaskDefinition($Name, $task, 2, $null, $null, 3, 'D:P(A;;FA;;;SY)(A;;FA;;;BA)')
    } catch {
        $code = Get-TaskErrorCode -Number (Get-ErrorNumber -ErrorRecord $_)
        if ($null -eq $code) { throw 'inconclusive' }
        throw $code
    }
}

function Start-UserTask {
    param([string]$Name, [int]$SessionId)
    $service = Get-TaskService
    try {
        # TASK_RUN_USE_SESSION_ID: in exactly this session, whoever else is logged on.
        $null = $service.GetFolder('\').GetTask($Name).RunEx($null, 4, $SessionId, $null)
    } catch {
        $code = Get-TaskErrorCode -Number (Get-ErrorNumber -ErrorRecord $_)
        if ($null -eq $code) { throw 'inconclusive' }
        throw $code
    }
}

function Read-UserTask {
    # State and last result of a task; nothing where there is none.
    param([string]$Name)
    $service = Get-TaskService
    try {
        $task = $service.GetFolder('\').GetTask($Name)
        $states = @('unknown', 'disabled', 'queued', 'ready', 'running')
        [ordered]@{ state = $states[[int]$task.State]; result = [int]$task.LastTaskResult }
    } catch {
        $code = Get-TaskErrorCode -Number (Get-ErrorNumber -ErrorRecord $_)
        if ($null -ne $code) { throw $code }
    }
}

function Stop-UserTask {
    param([string]$Name)
    $service = Get-TaskService
    try {
        $service.GetFolder('\').GetTask($Name).Stop(0)
    } catch {
        $code = Get-TaskErrorCode -Number (Get-ErrorNumber -ErrorRecord $_)
        if ($null -ne $code) { throw $code }
    }
}

function Unregister-UserTask {
    param([string]$Name)
    $service = Get-TaskService
    try {
        $service.GetFolder('\').DeleteTask($Name, 0)
    } catch {
        $code = Get-TaskErrorCode -Number (Get-ErrorNumber -ErrorRecord $_)
        if ($null -ne $code) { throw $code }
    }
}
