using System.Collections.Concurrent;
using System.Management.Automation.Internal;
using System.Management.Automation.Remoting;
using System.Management.Automation.Remoting.Client;
using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>
/// One shell of WinRM that carries one runspace, on the engine's public transport classes. The engine speaks lines as to a process; each
/// becomes a request, and what is answered becomes lines again. A request that was sent and not answered ends the session: it is not sent again.
/// </summary>
internal sealed class WinRmTransport : ClientSessionTransportManagerBase, IPhaseTransport
{
    /// <summary>Bytes accepted from a target in one session.</summary>
    private const long MostBytes = 64L * 1024 * 1024;

    /// <summary>How long the engine may take from the state of a pipeline to its end; afterwards there is no harm in asking.</summary>
    private static readonly TimeSpan ClosingWait = TimeSpan.FromSeconds(1);

    private readonly WinRmTarget target;
    private readonly Envelopes envelopes;
    private readonly WinRmLanes lanes;
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<Guid, WinRmPipe> pipes = new();
    private readonly ConcurrentDictionary<Task, bool> terminating = new();
    private readonly WinRmPipe shell = new(Guid.Empty);
    private readonly Lock guard = new();
    private long received;
    private bool deleted;
    private volatile bool ended;

    public WinRmTransport(WinRmTarget target, Guid instanceId, PSRemotingCryptoHelper cryptoHelper) : base(instanceId, cryptoHelper)
    {
        this.target = target;
        envelopes = new Envelopes(target, instanceId);
        lanes = new WinRmLanes(target);
        // Base64 makes 4 bytes of 3; the rest of an envelope is far below 16 KiB, and sealing adds less than 1.
        MostData = (target.MaxEnvelope - 16_384) / 4 * 3;
    }

    private int MostData { get; }

    private WinRmFailure? Failure { get; set; }

    public string Words => Failure is { } failure ? $"{failure.Code}: {failure.Message}" : "";

    public string? Flood => Failure is { Code: WinRmFailure.OutputLimit } failure ? failure.Message : null;

    public bool Ended => ended;

    public bool OutlivesLoss => true;

    public Task Left { get; private set; } = Task.CompletedTask;

    public JsonObject WhyNotOpened(string message) => Failure?.OfOpening() ?? OpenFailures.Refused("session-refused", message);

    public override void CreateAsync()
    {
        pipes[Guid.Empty] = shell;
        SetMessageWriter(new LineWriter(Take));
        _ = Task.Run(SendOneItem);
        Pump(shell);
    }

    /// <summary>One line of the engine. It comes under the engine's locks: it is queued only.</summary>
    private void Take(string text)
    {
        var line = EngineLine.Parse(text);
        var pipe = line.Id == Guid.Empty ? shell : pipes.GetOrAdd(line.Id, id => Pump(new WinRmPipe(id)));
        if (line.Kind == "Close") pipe.Closed.TrySetResult();
        // Nobody is asked after the end; without an answer the engine would wait for a minute.
        if (ended && line.Kind is "Close" or "Signal") Guarded(() => Answer(line.Kind, pipe));
        else if (line.Kind == "Signal") Guarded(() => Stop(pipe), () => Answer("Signal", pipe));
        else pipe.Lines.Writer.TryWrite(line);
    }

    private WinRmPipe Pump(WinRmPipe pipe)
    {
        Guarded(async () =>
        {
            await foreach (var line in pipe.Lines.Reader.ReadAllAsync(ending.Token))
            {
                if (line.Kind == "Data") await Send(pipe, line);
                else if (line.Kind == "Command") await Answer("Command", pipe);
                else await Close(pipe);
            }
        }, () => pipe.Closing ? Answer("Close", pipe) : Task.CompletedTask);
        return pipe;
    }

    private Task Answer(string to, WinRmPipe pipe)
    {
        HandleDataReceived($"<{to}Ack PSGuid='{pipe.Id}' />");
        return Task.CompletedTask;
    }

    /// <summary>Sends what the engine has for one pipe. Taking a piece makes the engine hand over the next at once, so one request carries many.</summary>
    private async Task Send(WinRmPipe pipe, EngineLine line)
    {
        var data = new MemoryStream();
        data.Write(line.Data);
        await Answer("Data", pipe);
        while (pipe.Lines.Reader.TryPeek(out var next) && next.Kind == "Data" && next.Stream == line.Stream && data.Length + next.Data.Length <= MostData && pipe.Lines.Reader.TryRead(out _))
        {
            data.Write(next.Data);
            await Answer("Data", pipe);
        }
        if (pipe.Asked)
        {
            // One at a time, and the next is collected meanwhile.
            await pipe.Sending;
            pipe.Sending = Guarded(() => Ask(envelopes.Send(pipe.Id, line.Stream, data.ToArray())));
            return;
        }
        pipe.Asked = true;
        var reply = await Ask(pipe == shell ? envelopes.Create(data.ToArray()) : envelopes.Command(pipe.Id, data.ToArray()));
        if (pipe == shell && reply.Shell is { } id) envelopes.Shell = id;
        pipe.Receiving = Guarded(() => Receive(pipe));
        pipe.Opened.TrySetResult();
    }

    private async Task Receive(WinRmPipe pipe)
    {
        // Of what this side closes, nothing more is wanted.
        while (!pipe.Closing && !shell.Closing)
        {
            var reply = await Ask(envelopes.Receive(pipe.Id), mayFail: true);
            if (reply is { IsFault: true, FaultCode: WinRmFailure.TimedOut }) continue;
            if (reply.IsFault && (pipe.Closing || shell.Closing)) return;
            if (reply.IsFault) throw WinRmFailure.OfFault(reply, creating: false);
            foreach (var data in reply.Streams) HandleDataReceived($"<Data Stream='Default' PSGuid='{pipe.Id}'>{data}</Data>");
            if (reply.Done && pipe == shell && !shell.Closing) throw WinRmFailure.Broken(sent: true, "the target ended the shell");
            if (reply.Done) return;
            // The last word of a pipeline: the engine closes it in a moment, and asking again would be in vain.
            if (reply.Streams is [.., var last] && WinRmPipe.IsState(last)) await Task.WhenAny(pipe.Closed.Task, Task.Delay(ClosingWait, ending.Token));
        }
    }

    /// <summary>Stops a pipeline; this overtakes what is still queued for it.</summary>
    private async Task Stop(WinRmPipe pipe)
    {
        await pipe.Opened.Task.WaitAsync(ending.Token);
        await Ask(envelopes.Signal(pipe.Id, WsNames.Stop), mayFail: true);
        // The target has taken the signal; whether the pipeline stops it says with its output. The engine would take an answer for the end.
        await pipe.Receiving;
        if (!pipe.Closing) await Answer("Signal", pipe);
    }

    private async Task Close(WinRmPipe pipe)
    {
        await pipe.Sending;
        if (pipe == shell)
        {
            await Task.WhenAll(terminating.Keys);
            if (pipe.Opened.Task.IsCompleted) await Ask(envelopes.Delete(), mayFail: true);
            deleted = true;
        }
        else if (pipe.Opened.Task.IsCompleted)
        {
            // The server keeps a command until it is told, ended or not. The engine's next command need not wait for that.
            var telling = Guarded(async () => await Ask(envelopes.Signal(pipe.Id, WsNames.Terminate), mayFail: true));
            terminating[telling] = true;
            _ = telling.ContinueWith(done => terminating.TryRemove(done, out _), TaskScheduler.Default);
        }
        pipes.TryRemove(pipe.Id, out _);
        pipe.Lines.Writer.TryComplete();
        await Answer("Close", pipe);
    }

    private async Task<Reply> Ask(Envelope envelope, bool mayFail = false)
    {
        var reply = await lanes.Ask(envelope, ending.Token);
        if (Interlocked.Add(ref received, reply.Size) > MostBytes) throw new WinRmFailure(WinRmFailure.OutputLimit, $"more than {MostBytes} bytes", sent: true);
        if (reply.IsFault && !mayFail) throw WinRmFailure.OfFault(reply, creating: !shell.Opened.Task.IsCompleted);
        return reply;
    }

    /// <summary>Whatever a target sends, and however its connection breaks: the session ends, the engine does not.</summary>
    /// <param name="unfinished">What is owed to the engine where the session ended before the work was done.</param>
    private Task Guarded(Func<Task> work, Func<Task>? unfinished = null) => Task.Run(async () =>
    {
        try
        {
            await work();
            return;
        }
        catch (Exception error)
        {
            if (error is not OperationCanceledException || !ended)
                Fail(error as WinRmFailure ?? new WinRmFailure(WinRmFailure.Protocol, $"{error.GetType().Name}: {error.Message}", sent: true));
        }
        try
        {
            if (unfinished is not null) await unfinished();
        }
        catch (Exception error)
        {
            // The remoting layer may have closed the same session.
            Console.Error.WriteLine($"The end of a session was not taken: {error.GetType().Name}: {error.Message}");
        }
    });

    private void Fail(WinRmFailure failure)
    {
        if (Finish(failure)) TellEngine(Words);
    }

    protected override void CleanupConnection() => End();

    public void End()
    {
        // What still runs there has to learn of it; the engine closes what it closes itself.
        if (Finish(null) && !deleted) _ = Task.Run(() => TellEngine("the connection was ended"));
    }

    private void TellEngine(string why)
    {
        try
        {
            RaiseErrorHandler(new TransportErrorOccuredEventArgs(new PSRemotingTransportException(why), TransportMethodEnum.CloseShellOperationEx));
        }
        catch (Exception error)
        {
            // The remoting layer may be closing the same session.
            Console.Error.WriteLine($"The end of a session was not taken: {error.GetType().Name}: {error.Message}");
        }
    }

    /// <summary>Ends our side; a shell that is left behind is ended over a connection of its own. False where it had ended.</summary>
    private bool Finish(WinRmFailure? failure)
    {
        lock (guard)
        {
            if (ended) return false;
            Failure = failure;
            ended = true;
            // Before the engine learns of the end and closes what it has.
            var running = pipes.Values.Where(pipe => pipe != shell && pipe.Asked).Select(pipe => pipe.Id).ToArray();
            if (shell.Asked && !deleted) Left = Task.Run(() => AbandonedShell.End(target, envelopes, running));
        }
        ending.Cancel();
        lanes.Close();
        return true;
    }
}
