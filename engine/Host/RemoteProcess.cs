using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Fixpoint.Engine;

/// <summary>
/// Ends a process on the target that served a session and did not stop: the end of its connection does not end a blocking .NET call.
/// A session of its own, by the same account, ends it with everything that it started.
/// </summary>
internal static class RemoteProcess
{
    /// <summary>Longest wait for that session and its answer; afterwards the process is left to the target.</summary>
    private const int LongestMs = 60_000;

    /// <param name="connection">A connection that nothing else uses.</param>
    public static void End(RemoteConnection connection, int id, string started)
    {
        if (id == 0) return;
        using var deadline = new Timer(_ => connection.Transport?.End(), null, LongestMs, Timeout.Infinite);
        try
        {
            using var runspace = RunspaceFactory.CreateRunspace(connection);
            runspace.Open();
            using var shell = PowerShell.Create(runspace);
            shell.AddScript(Bootstrap.EndProcess, useLocalScope: true).AddParameter("Id", id).AddParameter("Started", started);
            shell.Invoke();
        }
        catch (Exception)
        {
            // The target is gone, or refuses: there is nothing more to end from here.
        }
        finally
        {
            connection.Transport?.End();
        }
    }
}
