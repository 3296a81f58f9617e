using System.Management.Automation;
using System.Management.Automation.Remoting;
using System.Management.Automation.Runspaces;
using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>One runspace, local, locked down for Plan, or on a target. One phase at a time; once lost it stays lost.</summary>
public sealed class PhaseSession
{
    /// <summary>How long closing a lost session waits for the end of its process on the target.</summary>
    private const int EndWaitMs = 15_000;

    private readonly Runspace runspace;
    private readonly RemoteConnection? connection;
    private readonly bool constrained;
    private readonly HashSet<string> modules = [];
    private readonly TargetFacts facts;
    private volatile PowerShell? running;
    private volatile bool killed;
    private volatile bool stopping;
    private Task? ending;

    internal PhaseSession(Runspace runspace, RemoteConnection? connection, bool constrained, TargetFacts facts)
    {
        this.runspace = runspace;
        this.connection = connection;
        this.constrained = constrained;
        this.facts = facts;
    }

    private static JsonObject Failure(string kind, string detail) => OpenFailures.Failure(kind, detail);

    private IPhaseTransport? Transport => connection?.Transport;

    /// <summary>What this side still does at the target after the session was ended; it never fails.</summary>
    public Task Left => Transport?.Left ?? Task.CompletedTask;

    public JsonObject Describe() => facts.ToJson();

    /// <summary>Runs one phase; records go out while it runs, the answer says how it ended.</summary>
    public JsonObject Run(JsonObject frame, Action<JsonObject> onRecord)
    {
        var started = DateTime.UtcNow;
        var output = new RunOutput(OutputLimits.From(frame["limits"] as JsonObject), onRecord);
        var failure = Execute(frame, output);
        var answer = new JsonObject { ["ok"] = failure is null };
        if (failure is null) answer["output"] = output.Values;
        else answer["failure"] = failure;
        answer["log"] = new JsonObject
        {
            ["durationMs"] = (long)(DateTime.UtcNow - started).TotalMilliseconds,
            ["records"] = output.Records,
            ["truncated"] = output.Truncated,
        };
        return answer;
    }

    private JsonObject? Execute(JsonObject frame, RunOutput output)
    {
        var script = PhaseText.From(frame["script"]!.AsObject());
        if (script.Problem is { } problem) return Failure("malformed-output", problem);
        try
        {
            foreach (var module in frame["modules"]!.AsArray())
            {
                var text = PhaseText.From(module!.AsObject());
                if (text.Problem is { } wrong) return Failure("malformed-output", wrong);
                if (!modules.Add(text.Sha256)) continue;
                using var define = PowerShell.Create(runspace);
                define.AddScript(Bootstrap.Module, useLocalScope: false).AddParameter("Text", text.Text);
                define.Invoke();
            }
            using var shell = PowerShell.Create(runspace);
            Bind(shell, script, frame);
            return Invoke(shell, output);
        }
        catch (Exception error)
        {
            return Judge(error, output);
        }
    }

    private void Bind(PowerShell shell, PhaseText script, JsonObject frame)
    {
        var values = new List<(string Name, object? Value)>();
        foreach (var (name, value) in frame["parameters"]!.AsObject())
            values.Add((name, connection is null ? Values.ToPowerShell(value) : Values.ToWire(value)));
        if (script.Declares("Credential") && frame["credential"] is JsonObject credential)
            values.Add(("Credential", new PSCredential((string)credential["userName"]!, Secret((string)credential["password"]!))));
        if (script.Declares("Connection") && frame["connection"] is JsonObject directory)
            values.Add(("Connection", connection is null ? Values.ToPowerShell(directory) : Values.ToWire(directory)));
        if (constrained)
        {
            shell.AddScript(script.Text, useLocalScope: true);
            foreach (var (name, value) in values) shell.AddParameter(name, value);
            return;
        }
        shell.AddScript(Bootstrap.Phase, useLocalScope: true)
            .AddParameter("Text", script.Text)
            .AddParameter("Names", values.Select(value => (object)value.Name).ToArray())
            .AddParameter("Values", values.Select(value => value.Value).ToArray());
    }

    private static System.Security.SecureString Secret(string text)
    {
        var secret = new System.Security.SecureString();
        foreach (var character in text) secret.AppendChar(character);
        secret.MakeReadOnly();
        return secret;
    }

    private JsonObject? Invoke(PowerShell shell, RunOutput output)
    {
        output.Attach(shell, () => BeginStop(shell));
        running = shell;
        try
        {
            stopping = false;
            // A stop that came before there was anything to stop.
            if (killed) return Failure("link-lost", "the session was ended");
            var results = new PSDataCollection<PSObject> { BlockingEnumerator = false };
            results.DataAdding += (_, adding) => output.Take(adding.ItemAdded);
            var invocation = shell.BeginInvoke<PSObject, PSObject>(null, results);
            shell.EndInvoke(invocation);
            return output.Failure();
        }
        finally
        {
            running = null;
        }
    }

    private JsonObject Judge(Exception error, RunOutput output)
    {
        if (output.Failure() is { } own) return own;
        if (Transport?.Flood is { } flood) return Failure("output-limit", $"the target sent {flood}");
        // A stop that came through remoting arrives as a record of this id.
        if (error is PipelineStoppedException || (error as RuntimeException)?.ErrorRecord?.FullyQualifiedErrorId == "PipelineStopped")
            return killed ? Failure("link-lost", "the session was ended") : new JsonObject { ["kind"] = "cancelled" };
        // A command over WinRM that was stopped may end without a record.
        if (stopping && !killed && error is PSRemotingDataStructureException && Transport is { Ended: false }) return new JsonObject { ["kind"] = "cancelled" };
        // While a connection ends, the remoting layer may throw anything: it is the connection that tells.
        var lost = killed || error is PSRemotingTransportException or InvalidRunspaceStateException or ObjectDisposedException or IOException
            || Transport is { Ended: true } || runspace.RunspaceStateInfo.State is not RunspaceState.Opened;
        if (lost)
        {
            if (!killed && Transport is { OutlivesLoss: true }) EndThere();
            return Failure("link-lost", Transport?.Words is { Length: > 0 } words ? words : error.Message);
        }
        // What a script throws arrives as one of these.
        if (error is not (RuntimeException or InvalidOperationException)) return Failure("host-unavailable", $"{error.GetType().Name}: {error.Message}");
        var record = (error as RuntimeException)?.ErrorRecord ?? new ErrorRecord(error, "script-error", ErrorCategory.NotSpecified, null);
        return new JsonObject { ["kind"] = "reported", ["code"] = ErrorFields.CodeOf(record), ["error"] = ErrorFields.From(record) };
    }

    /// <summary>Asks the phase to stop; a blocking .NET call will not notice.</summary>
    public void Stop()
    {
        if (running is not { } shell) return;
        stopping = true;
        BeginStop(shell);
    }

    private static void BeginStop(PowerShell shell)
    {
        try
        {
            shell.BeginStop(null, null);
        }
        catch (Exception error) when (error is ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    /// <summary>Ends our side of a remote session at once, then the process on the target: a blocking call outlives its connection.</summary>
    public void Kill()
    {
        killed = true;
        var busy = running is not null;
        Transport?.End();
        Stop();
        if (busy) EndThere();
    }

    /// <summary>Ends the process on the target, once.</summary>
    private void EndThere()
    {
        if (connection is not { Transport: { } transport }) return;
        lock (facts)
        {
            ending ??= Task.Run(async () =>
            {
                await transport.Left;
                RemoteProcess.End(connection.Again(), facts.ProcessId, facts.ProcessStarted);
            });
        }
    }

    public void Close()
    {
        if (connection is not null && (killed || ending is not null))
        {
            ending?.Wait(EndWaitMs);
            return;
        }
        // A runspace that hangs in a call must not hold its closer: the process is the last resort, and it is the starter's.
        var closing = Task.Run(runspace.Dispose);
        if (!closing.Wait(3000)) Transport?.End();
        Transport?.End();
    }
}
