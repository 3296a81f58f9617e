namespace Fixpoint.Engine;

/// <summary>
/// The constant texts that prepare a runspace and start a phase. They run on Windows PowerShell 5.1 too. Nothing of a job is ever
/// put into them: the phase's text, names and values come as bound parameters.
/// </summary>
internal static class Bootstrap
{
    /// <summary>Facts of the runspace, measured once when it opens.</summary>
    public const string Describe = """
        [System.Globalization.CultureInfo]::CurrentCulture = [System.Globalization.CultureInfo]::InvariantCulture
        @{
            now      = [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [System.Globalization.CultureInfo]::InvariantCulture)
            version  = "$($PSVersionTable.PSVersion)"
            os       = "$([System.Environment]::OSVersion.VersionString)"
            language = "$($ExecutionContext.SessionState.LanguageMode)"
        }
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
