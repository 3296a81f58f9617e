using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Remoting;
using System.Management.Automation.Runspaces;
using System.Text.Json.Nodes;
using Fixpoint.Engine.Gate;

namespace Fixpoint.Engine;

/// <summary>What a runspace says of itself when it opens, and why no phase may run in it, if so.</summary>
internal sealed class TargetFacts
{
    public long ClockOffsetMs { get; private init; }
    public string Version { get; private init; } = "";
    public string Os { get; private init; } = "";
    public string LanguageMode { get; private init; } = "";

    /// <summary>Process that serves the runspace, and its start in ticks of UTC: both name it, as ids are used again.</summary>
    public int ProcessId { get; private init; }
    public string ProcessStarted { get; private init; } = "";

    /// <summary>The failure for the answer; null where phases may run.</summary>
    public JsonObject? Refusal { get; private init; }

    public JsonObject ToJson() =>
        new() { ["clockOffsetMs"] = ClockOffsetMs, ["psVersion"] = Version, ["os"] = Os, ["languageMode"] = LanguageMode };

    public static TargetFacts OfPlan() => new() { Version = EngineFacts.Version, Os = "worker", LanguageMode = "ConstrainedLanguage" };

    /// <summary>Asks for the language mode, puts the session into its known state, then measures.</summary>
    /// <exception cref="RuntimeException">The connection ended meanwhile.</exception>
    /// <param name="oldest">Oldest PowerShell that phases run on there; null for a runspace of this process.</param>
    public static TargetFacts Learn(Runspace runspace, Version? oldest)
    {
        var mode = ModeOf(runspace, out var detail);
        if (mode is "ConstrainedLanguage") return Refused("constrained-language", "the language mode is ConstrainedLanguage");
        if (mode is not "FullLanguage") return Refused("endpoint-restricted", $"the language mode is {mode}. {detail}".TrimEnd());
        if (Prepare(runspace) is { } altered) return Refused("session-altered", altered);
        var said = new Hashtable();
        long offset = 0;
        // The first call also warms the far side.
        for (var i = 0; i < 2; i++)
        {
            using var shell = PowerShell.Create(runspace);
            shell.AddScript(Bootstrap.Describe, useLocalScope: true);
            var before = DateTime.UtcNow;
            if (shell.Invoke().FirstOrDefault()?.BaseObject is not Hashtable answer) return Refused("session-altered", "the session does not describe itself");
            var after = DateTime.UtcNow;
            said = answer;
            if (!DateTime.TryParse(Text(said["now"]), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var there))
                return Refused("session-altered", "the session does not say what time it is");
            offset = (long)(there - before - (after - before) / 2).TotalMilliseconds;
        }
        if (Text(said["culture"]).Length > 0) return Refused("session-altered", $"the culture {Text(said["culture"])} cannot be replaced");
        var version = Text(said["version"]);
        if (!System.Version.TryParse(version.Split('-')[0], out var number) || number < oldest) return Refused("powershell-too-old", $"the target has PowerShell {version}");
        return new TargetFacts
        {
            ClockOffsetMs = oldest is null ? 0 : offset,
            Version = version,
            Os = Text(said["os"]),
            LanguageMode = mode,
            ProcessId = said["process"] is int id ? id : 0,
            ProcessStarted = Text(said["started"]),
        };
    }

    /// <summary>A runspace without a language answers a script with an error: then there is no mode in which phases run.</summary>
    private static string ModeOf(Runspace runspace, out string detail)
    {
        detail = "";
        try
        {
            using var shell = PowerShell.Create(runspace);
            shell.AddScript(Bootstrap.LanguageMode, useLocalScope: true);
            return Text(shell.Invoke().FirstOrDefault()) is { Length: > 0 } mode ? mode : "unknown";
        }
        catch (RuntimeException error) when (error is not PSRemotingTransportException && runspace.RunspaceStateInfo.State is RunspaceState.Opened)
        {
            detail = Text(error.Message);
            return "NoLanguage";
        }
    }

    /// <summary>Puts the session into the state that every phase may count on; returns what resisted.</summary>
    private static string? Prepare(Runspace runspace)
    {
        var preferences = new Hashtable();
        foreach (var (name, value) in Preferences.OfPhases) preferences[name] = value.ToString();
        try
        {
            using var shell = PowerShell.Create(runspace);
            shell.AddScript(Bootstrap.Prepare, useLocalScope: true)
                .AddParameter("Preferences", preferences)
                .AddParameter("Commands", Lists.CoreCommands.ToArray());
            var said = shell.Invoke().Select(line => Text(line)).ToList();
            if (said.LastOrDefault() != "prepared") return "the session does not run a script to its end";
            said.RemoveAt(said.Count - 1);
            return said.Count == 0 ? null : $"not as it must be: {string.Join(", ", said)}";
        }
        catch (RuntimeException error) when (error is not PSRemotingTransportException && runspace.RunspaceStateInfo.State is RunspaceState.Opened)
        {
            return Text(error.Message);
        }
    }

    private static TargetFacts Refused(string code, string detail) => new() { Refusal = OpenFailures.Refused(code, detail) };

    private static string Text(object? value) => value?.ToString() is { } text ? text[..Math.Min(text.Length, 200)] : "";
}
