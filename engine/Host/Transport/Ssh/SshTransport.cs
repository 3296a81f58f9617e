using System.Diagnostics;
using System.Management.Automation.Internal;
using System.Management.Automation.Remoting;
using System.Management.Automation.Remoting.Client;
using System.Text;
using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>
/// Our own SSH transport on the engine's public transport classes, one ssh process for one runspace: it bounds bytes and line length,
/// keeps ssh's words for the error, owns the process, ignores the user's ssh configuration and reuses connections.
/// </summary>
internal sealed class SshTransport(SshTarget target, Guid instanceId, PSRemotingCryptoHelper cryptoHelper)
    : ClientSessionTransportManagerBase(instanceId, cryptoHelper), IPhaseTransport
{
    /// <summary>Longest line accepted from a target: a fragment of the protocol is far shorter.</summary>
    private const int LongestLine = 2 * 1024 * 1024;

    /// <summary>Bytes accepted from a target in one session.</summary>
    private const long MostBytes = 64L * 1024 * 1024;

    /// <summary>How long ssh may take to say why it ends, once its output is closed; a busy machine needs seconds.</summary>
    private static readonly TimeSpan LastWordsWait = TimeSpan.FromSeconds(5);

    private readonly StringBuilder words = new();
    private readonly ManualResetEventSlim wordsEnded = new();
    private readonly Lock ending = new();
    private Process? process;
    private bool ended;

    /// <summary>What ssh said on its error stream, at most 4,096 characters.</summary>
    public string Words
    {
        get
        {
            lock (words) return words.ToString().Trim();
        }
    }

    /// <summary>
    /// What ssh said, once it has said all: its pipes close before its words are read, and a refusal without them would look like
    /// a target that is merely down and may be tried again.
    /// </summary>
    public string LastWords()
    {
        if (process is not null && !ended && Flood is null) wordsEnded.Wait(LastWordsWait);
        return Words;
    }

    /// <summary>Set when this side ended the connection because the target sent too much.</summary>
    public string? Flood { get; private set; }

    /// <summary>The first line, where the target sent other text than PowerShell's; at most 200 characters.</summary>
    public string? Noise { get; private set; }

    /// <summary>With what status ssh ended by itself; null while it runs, and where this side ended it.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Whether the connection has ended, whoever ended it.</summary>
    public bool Ended
    {
        get
        {
            lock (ending) return ended;
        }
    }

    /// <summary>Whether ssh ended the connection, not this side.</summary>
    public bool Closed { get; private set; }

    /// <summary>A loss ends our side alone, as it always did: only a session that this side ended has its process ended.</summary>
    public bool OutlivesLoss => false;

    public Task Left => Task.CompletedTask;

    public JsonObject WhyNotOpened(string message) => SshOpenFailure.Explain(this, target, message);

    public override void CreateAsync()
    {
        var start = new ProcessStartInfo("ssh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in target.Arguments()) start.ArgumentList.Add(argument);
        start.StandardOutputEncoding = start.StandardInputEncoding = new UTF8Encoding(false);
        try
        {
            process = Start(start);
        }
        catch (PSRemotingTransportException error)
        {
            // The remoting layer replaces the message of an exception that comes from here.
            lock (words) words.AppendLine(error.Message);
            throw;
        }
        process.ErrorDataReceived += (_, line) =>
        {
            lock (words)
            {
                if (line.Data is null) wordsEnded.Set();
                else if (line.Data is { } text && words.Length < 4096) words.AppendLine(text.Length > 512 ? text[..512] : text);
            }
        };
        process.BeginErrorReadLine();
        SetMessageWriter(process.StandardInput);
        process.StandardInput.AutoFlush = true;
        new Thread(Read) { IsBackground = true, Name = "fixpoint-ssh-reader" }.Start();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new PSRemotingTransportException(SshFault.NotStarted);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new PSRemotingTransportException($"{SshFault.NotStarted}: {error.Message}");
        }
    }

    private void Read()
    {
        var stream = process!.StandardOutput;
        var buffer = new char[32768];
        var line = new StringBuilder();
        long total = 0;
        var spoken = false;
        try
        {
            SendOneItem();
            int read;
            while ((read = stream.Read(buffer, 0, buffer.Length)) > 0)
            {
                total += read;
                if (!spoken && !Speaks(buffer.AsSpan(0, read), ref spoken)) break;
                if (total > MostBytes)
                {
                    Flood = $"more than {MostBytes} characters";
                    break;
                }
                var from = 0;
                for (var i = 0; i < read; i++)
                {
                    if (buffer[i] != '\n') continue;
                    line.Append(buffer, from, i - from);
                    from = i + 1;
                    var text = line.ToString().TrimEnd('\r');
                    line.Clear();
                    if (text.Length > 0) HandleDataReceived(text);
                }
                line.Append(buffer, from, read - from);
                if (line.Length <= LongestLine) continue;
                Flood = $"a line longer than {LongestLine} characters";
                break;
            }
        }
        catch (Exception)
        {
            // Whatever a target sends, and however its connection breaks: the session ends below, the engine does not.
        }
        var said = LastWords();
        Leave();
        End();
        var why = Flood is { } flood ? $"the target sent {flood}" : said.Length > 0 ? said : "the connection has ended";
        try
        {
            RaiseErrorHandler(new TransportErrorOccuredEventArgs(new PSRemotingTransportException(why), TransportMethodEnum.CloseShellOperationEx));
        }
        catch (Exception error)
        {
            // The remoting layer may be closing the same session. On this thread an exception would end the engine, and every other session with it.
            Console.Error.WriteLine($"The end of a session was not taken: {error.GetType().Name}: {error.Message}");
        }
    }

    /// <summary>Whether what has come is PowerShell's: its lines are elements, after blank ones at most.</summary>
    private bool Speaks(ReadOnlySpan<char> first, ref bool spoken)
    {
        var text = first.TrimStart();
        if (text.Length == 0) return true;
        spoken = text[0] == '<';
        if (spoken) return true;
        var end = text.IndexOfAny('\r', '\n');
        var line = end < 0 ? text : text[..end];
        Noise = new string([.. line[..Math.Min(line.Length, 200)].ToString().Select(each => char.IsControl(each) ? ' ' : each)]);
        return false;
    }

    /// <summary>Notes how ssh ended, if it ended by itself.</summary>
    private void Leave()
    {
        lock (ending)
        {
            if (ended || Noise is not null || Flood is not null) return;
        }
        Closed = true;
        // Standard output closes a moment before ssh ends; without an end in that time there is no status to judge by.
        if (process!.WaitForExit(LastWordsWait)) ExitCode = process.ExitCode;
    }

    /// <summary>Ends our side at once. The far side may live on: what it still does is not known.</summary>
    public void End()
    {
        lock (ending)
        {
            if (ended) return;
            ended = true;
        }
        try
        {
            process?.Kill(entireProcessTree: false);
        }
        catch (InvalidOperationException)
        {
        }
    }

    protected override void CleanupConnection() => End();
}
