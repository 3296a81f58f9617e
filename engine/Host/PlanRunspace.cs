using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Fixpoint.Engine;

/// <summary>
/// The runspace of Plan: constrained language, no providers, no programs, no scripts, only a handful of core commands. A fence for
/// honest authors: what may run at all is decided by the gate and by admission.
/// </summary>
internal static class PlanRunspace
{
    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "ForEach-Object", "Where-Object", "Out-Null", "Out-Default", "Set-StrictMode",
    };

    public static Runspace Open()
    {
        var all = InitialSessionState.CreateDefault2();
        // From nothing: a command that is only hidden can be called from inside a function.
        var state = InitialSessionState.Create();
        state.LanguageMode = PSLanguageMode.ConstrainedLanguage;
        foreach (var type in all.Types) state.Types.Add(type);
        foreach (var command in all.Commands.Where(command => command is SessionStateCmdletEntry && Kept.Contains(command.Name))) state.Commands.Add(command);
        foreach (var (name, value) in Preferences.OfPlan)
        {
            state.Variables.Remove(name, typeof(SessionStateVariableEntry));
            state.Variables.Add(new SessionStateVariableEntry(name, value, ""));
        }
        var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        // After opening: the defaults (`*`) are put in when the runspace is made.
        runspace.SessionStateProxy.Applications.Clear();
        runspace.SessionStateProxy.Scripts.Clear();
        return runspace;
    }
}

/// <summary>Preferences with which every record is written and every error ends the phase.</summary>
internal static class Preferences
{
    /// <summary>Of every phase, wherever it runs.</summary>
    public static readonly (string Name, ActionPreference Value)[] OfPhases =
    [
        ("ErrorActionPreference", ActionPreference.Stop),
        ("VerbosePreference", ActionPreference.Continue),
        ("DebugPreference", ActionPreference.Continue),
        ("WarningPreference", ActionPreference.Continue),
        ("InformationPreference", ActionPreference.Continue),
        ("ProgressPreference", ActionPreference.Continue),
    ];

    /// <summary>Of Plan's runspace.</summary>
    public static readonly (string Name, object Value)[] OfPlan =
    [
        .. OfPhases.Select(preference => (preference.Name, (object)preference.Value)),
        // Or the first use of a name would load a module, and with it commands that are not in the list.
        ("PSModuleAutoLoadingPreference", PSModuleAutoLoadingPreference.None),
    ];
}
