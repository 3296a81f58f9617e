using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>
/// Opens the place that an `open` frame names and judges it before any phase: a session that no phase can use is refused with a code
/// of its own, and only what may heal by itself is `unreachable`.
/// </summary>
internal static class SessionOpener
{
    /// <summary>What the far side may take to answer, once the connection is there.</summary>
    private const int AnswerMs = 30_000;

    public static (PhaseSession? Session, JsonObject? Failure) Open(JsonObject frame)
    {
        switch ((string?)frame["place"])
        {
            case "plan":
                return (new PhaseSession(PlanRunspace.Open(), null, constrained: true, TargetFacts.OfPlan()), null);
            case "local":
                var local = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
                local.Open();
                return Judged(local, null);
            case "ssh":
                return OpenRemote(frame, timeout => new SshConnectionInfo(SshTarget.From(frame["ssh"]!.AsObject(), timeout)));
            case "winrm":
                return OpenRemote(frame, timeout => new WinRmConnectionInfo(WinRmTarget.From(frame["winrm"]!.AsObject(), timeout)));
            default:
                return (null, OpenFailures.Failure("host-unavailable", "unknown place"));
        }
    }

    private static (PhaseSession?, JsonObject?) OpenRemote(JsonObject frame, Func<int, RemoteConnection> to)
    {
        var timeout = (int?)frame["connectTimeoutMs"] ?? 15_000;
        RemoteConnection connection;
        try
        {
            connection = to(timeout);
        }
        catch (ArgumentException error)
        {
            return (null, OpenFailures.Refused("sign-in-refused", error.Message));
        }
        catch (WinRmFailure refusal)
        {
            return (null, refusal.OfOpening());
        }
        var opened = OpenOnce(connection, timeout);
        return connection.MayOpenAgain((string?)opened.Item2?["detail"]) ? OpenOnce(connection.Again(), timeout) : opened;
    }

    private static (PhaseSession?, JsonObject?) OpenOnce(RemoteConnection connection, int timeout)
    {
        var runspace = RunspaceFactory.CreateRunspace(connection);
        var late = false;
        // The deadline is ours: a far side that never answers must not hold the thread.
        using var deadline = new Timer(_ =>
        {
            late = true;
            connection.Transport?.End();
        }, null, timeout + AnswerMs, Timeout.Infinite);
        try
        {
            runspace.Open();
            var judged = Judged(runspace, connection);
            if (judged.Failure is not null) connection.Transport?.End();
            return judged;
        }
        catch (Exception error)
        {
            // Whatever a target sends, its session ends here: one that is left open would stay until the product stops.
            var failure = late
                ? OpenFailures.Failure("unreachable", $"the target did not answer within {(timeout + AnswerMs) / 1000} s. {connection.Transport?.Words}".TrimEnd())
                : error is RuntimeException or InvalidRunspaceStateException or InvalidOperationException or IOException
                    ? connection.Transport?.WhyNotOpened(error.Message) ?? OpenFailures.Failure("unreachable", error.Message)
                    : OpenFailures.Refused("session-altered", $"the target answered what cannot be read ({error.GetType().Name})");
            connection.Transport?.End();
            runspace.Dispose();
            return (null, failure);
        }
    }

    private static (PhaseSession? Session, JsonObject? Failure) Judged(Runspace runspace, RemoteConnection? connection)
    {
        var facts = TargetFacts.Learn(runspace, connection?.OldestPowerShell);
        if (facts.Refusal is null) return (new PhaseSession(runspace, connection, constrained: false, facts), null);
        // Closing may take as long as the far side likes; nobody waits for it.
        _ = Task.Run(runspace.Dispose);
        return (null, facts.Refusal);
    }
}
