using System.Diagnostics;
using System.Text;

namespace Fixpoint.Engine;

/// <summary>
/// Sees to it that the cache has the ticket for the target's service before each sign-in. It runs beside this process, so that a KDC which does
/// not answer holds up no other session, and it says what .NET does not: whether the KDC, the clock or the name is at fault.
/// </summary>
internal sealed class ServiceTicket(WinRmTarget target)
{
    /// <summary>After how long a ticket that was there is looked at again: it may have ended.</summary>
    private const long FreshMs = 60_000;

    private readonly SemaphoreSlim one = new(1);
    private (DateTime Written, long At)? seen;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Does nothing where the cache is as it was a moment ago: a renewed one has the ticket of the realm alone.</summary>
    /// <exception cref="WinRmFailure">Why there is no ticket.</exception>
    public async Task See(CancellationToken cancel)
    {
        if (target.Ticket is not { } ticket) return;
        await one.WaitAsync(cancel);
        try
        {
            if (seen is { } last && last.Written == File.GetLastWriteTimeUtc(ticket.Cache) && Environment.TickCount64 - last.At < FreshMs) return;
            await Get(ticket, cancel);
            seen = (File.GetLastWriteTimeUtc(ticket.Cache), Environment.TickCount64);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task Get((string Cache, string Config) ticket, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("kvno") { RedirectStandardOutput = true, RedirectStandardError = true };
        var parts = target.Service.Split('/', 2);
        foreach (var word in new[] { "-q", "-c", $"FILE:{ticket.Cache}", "-S", parts[0], parts[1] }) start.ArgumentList.Add(word);
        start.Environment["KRB5_CONFIG"] = ticket.Config;
        start.Environment["LC_ALL"] = "C";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Longest);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new WinRmFailure("kerberos-missing", $"kvno could not be started ({error.Message}): install krb5-user");
        }
        using (process)
        {
            try
            {
                process.OutputDataReceived += (_, _) => { };
                process.BeginOutputReadLine();
                var said = new StringBuilder(await process.StandardError.ReadToEndAsync(limit.Token)).Replace('\n', ' ').ToString().Trim();
                await process.WaitForExitAsync(limit.Token);
                if (process.ExitCode != 0) throw Judge(said);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                cancel.ThrowIfCancellationRequested();
                throw new WinRmFailure(WinRmFailure.NoKdc, $"no KDC answered within {Longest.TotalSeconds} s");
            }
        }
    }

    /// <summary>By what kvno says in the language C.</summary>
    private WinRmFailure Judge(string said)
    {
        bool Has(string part) => said.Contains(part, StringComparison.OrdinalIgnoreCase);
        var code = Has("not found in Kerberos database") ? "kerberos-server-unknown"
            : Has("Clock skew") ? "kerberos-skew"
            : Has("Cannot contact any KDC") || Has("Cannot find KDC") || Has("Cannot resolve") ? WinRmFailure.NoKdc
            : Has("expired") || Has("credentials cache") || Has("Matching credential not found") ? WinRmFailure.Credential
            : "kerberos-refused";
        return new(code, $"{target.Service}: {said[..Math.Min(said.Length, 300)]}");
    }
}
