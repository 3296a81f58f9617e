namespace Fixpoint.Engine;

/// <summary>Ends a shell of WinRM whose connection was lost, over a new one.</summary>
internal static class AbandonedShell
{
    /// <summary>How long it may take.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Terminates these commands and deletes the shell: the server waits with the shell for commands that are open. It never fails.</summary>
    public static async Task End(WinRmTarget target, Envelopes envelopes, IEnumerable<Guid> running)
    {
        using var limit = new CancellationTokenSource(Longest);
        var lanes = new WinRmLanes(target);
        try
        {
            foreach (var command in running) await lanes.Ask(envelopes.Signal(command, WsNames.Terminate), limit.Token);
            await lanes.Ask(envelopes.Delete(), limit.Token);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Nobody waits for it. The target cannot be reached, or refuses: it ends the shell by itself when it has been idle for long enough.
        }
        lanes.Close();
    }
}
