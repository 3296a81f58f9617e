namespace Fixpoint.Engine;

/// <summary>
/// The constant texts that prepare a runspace and start a phase. They run on Windows PowerShell 5.1 too. Nothing of a job is ever
/// put into them: the phase's text, names and values come as bound parameters.
/// </summary>
internal static class Bootstrap
{
    /// <summary>Every text of this class.</summary>
    public static IEnumerable<string> Texts => typeof(Bootstrap).GetFields().Where(member => member.IsLiteral).Select(member => (string)member.GetRawConstantValue()!);

    /// <summary>The first question: it works in every mode that runs scripts at all.</summary>
    public const string LanguageMode = "\"$($ExecutionContext.SessionState.LanguageMode)\"";

    /// <summary>
    /// Undoes what a session configuration may have set and what would change the meaning of a phase, in modules too: default values of
    /// parameters, preferences, `$OFS`, hooks of the look-up, aliases and functions with the names of commands. It calls no command.
    /// Says what resisted, then `prepared`.
    /// </summary>
    public const string Prepare = """
        param($Preferences, [string[]]$Commands)
        $ErrorActionPreference = 'Stop'
        $session = $ExecutionContext.SessionState.PSVariable
        $ExecutionContext.InvokeCommand.PreCommandLookupAction = $null
        $ExecutionContext.InvokeCommand.PostCommandLookupAction = $null
        $ExecutionContext.InvokeCommand.CommandNotFoundAction = $null
        $wanted = @{ WhatIfPreference = $false; ConfirmPreference = 'High' }
        foreach ($name in $Preferences.Keys) { $wanted[$name] = $Preferences[$name] }
        foreach ($name in $wanted.Keys) {
            try { $session.Set("global:$name", $wanted[$name]) } catch { $null = $_ }
            if (-not [string]::Equals("$($session.GetValue("global:$name"))", "$($wanted[$name])", 'OrdinalIgnoreCase')) { "`$$name" }
        }
        foreach ($name in 'OFS', 'PSModuleAutoLoadingPreference') {
            try { if ($null -ne $session.Get("global:$name")) { $session.Remove("global:$name") } } catch { $null = $_ }
            if ($null -ne $session.Get("global:$name")) { "`$$name" }
        }
        try { $session.Set('global:PSDefaultParameterValues', [System.Management.Automation.DefaultParameterDictionary]::new()) } catch { $null = $_ }
        if ($session.GetValue('global:PSDefaultParameterValues').Count -ne 0) { '$PSDefaultParameterValues' }
        $find = $ExecutionContext.InvokeCommand
        foreach ($alias in @($find.GetCommands('*-*', 'Alias', $true))) {
            try { $ExecutionContext.InvokeProvider.Item.Remove([string[]]@("alias:\$($alias.Name)"), $false, $true, $true) } catch { $null = $_ }
        }
        foreach ($name in $Commands) {
            foreach ($function in @($find.GetCommands($name, 'Function, Filter', $false))) {
                try { $ExecutionContext.InvokeProvider.Item.Remove([string[]]@("function:\$name"), $false, $true, $true) } catch { $null = $_ }
            }
        }
        foreach ($alias in @($find.GetCommands('*-*', 'Alias', $true))) { "alias $($alias.Name)" }
        foreach ($name in $Commands) { foreach ($function in @($find.GetCommands($name, 'Function, Filter', $false))) { "function $name" } }
        'prepared'
        """;

    /// <summary>Facts of the runspace, measured once when it opens.</summary>
    public const string Describe = """
        [System.Globalization.CultureInfo]::CurrentCulture = [System.Globalization.CultureInfo]::InvariantCulture
        $process = [System.Diagnostics.Process]::GetCurrentProcess()
        @{
            now      = [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [System.Globalization.CultureInfo]::InvariantCulture)
            version  = "$($PSVersionTable.PSVersion)"
            os       = "$([System.Environment]::OSVersion.VersionString)"
            culture  = [System.Globalization.CultureInfo]::CurrentCulture.Name
            process  = $process.Id
            started  = "$($process.StartTime.ToUniversalTime().Ticks)"
        }
        """;

    /// <summary>
    /// Ends a process and what it started, unless it ends by itself. The start of a process is computed anew each time it is asked for, so
    /// it may differ by some milliseconds.
    /// </summary>
    public const string EndProcess = """
        param([int]$Id, [string]$Started)
        $process = $null
        try { $process = [System.Diagnostics.Process]::GetProcessById($Id) } catch { $null = $_ }
        if ($null -eq $process) { return }
        if ([System.Math]::Abs($process.StartTime.ToUniversalTime().Ticks - [long]$Started) -gt 20000000) { return }
        # Its `finally` blocks may still run: what ends within 5 s has ended by itself.
        if ($process.WaitForExit(5000)) { return }
        # .NET Framework, on which Windows PowerShell runs, ends no descendants.
        if ([string]::Equals($PSVersionTable.PSEdition, 'Core')) { $process.Kill($true) }
        else { $null = & "$([System.Environment]::SystemDirectory)\taskkill.exe" /T /F /PID $Id }
        # The answer comes once it has ended, or after 5 s: then the system has the signal and nothing more can be done from here.
        $null = $process.WaitForExit(5000)
        """;

    /// <summary>Runs a shared module's text in the session's own scope: it defines functions.</summary>
    public const string Module = """
        param([string]$Text)
        $ErrorActionPreference = 'Stop'
        . ([System.Management.Automation.ScriptBlock]::Create($Text))
        """;

    /// <summary>Rebuilds the values where the phase runs, sets what every phase may count on, runs the phase.</summary>
    public const string Phase = """
        param([string]$Text, [object[]]$Names, [object[]]$Values)
        [System.Globalization.CultureInfo]::CurrentCulture = [System.Globalization.CultureInfo]::InvariantCulture
        [System.Globalization.CultureInfo]::CurrentUICulture = [System.Globalization.CultureInfo]::InvariantCulture
        function Restore-FixpointValue($Wire) {
            if ($Wire -isnot [System.Collections.Hashtable]) { return $Wire }
            if ([string]::Equals($Wire['k'], 'a')) {
                $items = New-FixpointArray $Wire['v'].Count
                for ($i = 0; $i -lt $items.Length; $i++) { $items[$i] = Restore-FixpointValue $Wire['v'][$i] }
                return , $items
            }
            $members = [System.Management.Automation.PSObject]::new()
            for ($i = 0; $i -lt $Wire['n'].Count; $i++) {
                $members.PSObject.Properties.Add([System.Management.Automation.PSNoteProperty]::new([string]$Wire['n'][$i], (Restore-FixpointValue $Wire['v'][$i])))
            }
            return $members
        }
        function New-FixpointArray([int]$Length) { return , [object[]]::new($Length) }
        $bound = @{}
        for ($i = 0; $i -lt $Names.Count; $i++) { $bound[[string]$Names[$i]] = Restore-FixpointValue $Values[$i] }
        $phase = [System.Management.Automation.ScriptBlock]::Create($Text)
        $PSDefaultParameterValues = [System.Management.Automation.DefaultParameterDictionary]::new()
        $OFS = ' '
        $WhatIfPreference = $false
        $ConfirmPreference = 'High'
        Set-StrictMode -Version Latest
        $ErrorActionPreference = 'Stop'
        $VerbosePreference = 'Continue'
        $DebugPreference = 'Continue'
        $WarningPreference = 'Continue'
        $InformationPreference = 'Continue'
        $ProgressPreference = 'Continue'
        & $phase @bound
        """;
}
