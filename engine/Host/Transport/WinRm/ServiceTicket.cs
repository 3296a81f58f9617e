using System.Diagnostics;
using System.Text;

namespace Fixpoint.Engine;

/// <summary>
/// Gets the ticket for the target's service into the cache before the first sign-in. It runs beside this process, so that a KDC which does
/// not answer holds up no other session, and it says what .NET does not: whether the KDC, the clock or the name is at fault.
/// </summary>
internal static class ServiceTicket
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <exception cref="WinRmFailure">Why there is no ticket.</exception>
    public static async Task Get(WinRmTarget target, CancellationToken cancel)
    {
        if (target.Ticket is not { } ticket) return;
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
                if (process.ExitCode != 0) throw Judge(target, said);
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
    private static WinRmFailure Judge(WinRmTarget target, string said)
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
