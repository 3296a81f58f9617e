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
                var opened = OpenSsh(frame);
                // Once more: what was killed there comes up then, and a subsystem that is missing is missing again.
                return (string?)opened.Item2?["detail"] == OpenFailures.ClosedSilently ? OpenSsh(frame) : opened;
            default:
                return (null, OpenFailures.Failure("host-unavailable", "unknown place"));
        }
    }

    private static (PhaseSession?, JsonObject?) OpenSsh(JsonObject frame)
    {
        SshTarget target;
        var timeout = (int?)frame["connectTimeoutMs"] ?? 15_000;
        try
        {
            target = SshTarget.From(frame["ssh"]!.AsObject(), timeout);
        }
        catch (ArgumentException error)
        {
            return (null, OpenFailures.Refused("sign-in-refused", error.Message));
        }
        var connection = new SshConnectionInfo(target);
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
            var judged = Judged(runspace, connection.Transport);
            if (judged.Failure is not null) connection.Transport?.End();
            return judged;
        }
        catch (Exception error)
        {
            // Whatever a target sends, its session ends here: one that is left open would stay until the product stops.
            var failure = late
                ? OpenFailures.Failure("unreachable", $"the target did not answer within {(timeout + AnswerMs) / 1000} s. {connection.Transport?.Words}".TrimEnd())
                : error is RuntimeException or InvalidRunspaceStateException or InvalidOperationException or IOException
                    ? OpenFailures.Explain(connection.Transport, error.Message)
                    : OpenFailures.Refused("session-altered", $"the target answered what cannot be read ({error.GetType().Name})");
            connection.Transport?.End();
            runspace.Dispose();
            return (null, failure);
        }
    }

    private static (PhaseSession? Session, JsonObject? Failure) Judged(Runspace runspace, SshTransport? transport)
    {
        var facts = TargetFacts.Learn(runspace, remote: transport is not null);
        if (facts.Refusal is null) return (new PhaseSession(runspace, transport, constrained: false, facts), null);
        // Closing may take as long as the far side likes; nobody waits for it.
        _ = Task.Run(runspace.Dispose);
        return (null, facts.Refusal);
    }
}
