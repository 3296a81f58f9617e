using System.Collections.Concurrent;
using System.Diagnostics;
using System.Xml;

namespace Fixpoint.Lab.WinRm;

/// <summary>A shell: a real PSRP server process, spoken to by the lines that PowerShell has for processes.</summary>
internal sealed class Shell
{
    /// <summary>How long a request waits for what the server owes: one that is blocked in a call owes it for good.</summary>
    private static readonly TimeSpan Owed = TimeSpan.FromSeconds(2);

    private readonly Process process;
    private readonly ConcurrentDictionary<Guid, Pipe> pipes = new();

    public Shell(Settings settings, string user)
    {
        var start = new ProcessStartInfo(settings.Server[0]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var word in settings.Server[1..]) start.ArgumentList.Add(word);
        start.Environment["WINRM_DOUBLE_USER"] = user;
        process = Process.Start(start)!;
        new Thread(Read) { IsBackground = true }.Start();
    }

    public Pipe Of(Guid id) => pipes.GetOrAdd(id, _ => new Pipe());

    public Task Data(Guid id, string stream, string data, bool waits = true) => Ask(id, "Data", $"<Data Stream='{stream}' PSGuid='{id}'>{data}</Data>", waits);

    public Task Command(Guid id) => Ask(id, "Command", $"<Command PSGuid='{id}' />");

    public Task Stop(Guid id) => Ask(id, "Signal", $"<Signal PSGuid='{id}' />", waits: false);

    public async Task Terminate(Guid id)
    {
        await Ask(id, "Close", $"<Close PSGuid='{id}' />", waits: false);
        Of(id).Complete();
    }

    /// <summary>Commands first: the server's own end waits for them.</summary>
    public async Task Delete()
    {
        foreach (var id in pipes.Keys.Where(id => id != Guid.Empty && !Of(id).IsComplete)) await Terminate(id);
        await Terminate(Guid.Empty);
        process.StandardInput.Close();
    }

    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
        }
    }

    private async Task Ask(Guid id, string what, string line, bool waits = true)
    {
        var answered = Of(id).Expect($"{what}Ack");
        lock (process)
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        if (waits) await answered;
        else await Task.WhenAny(answered, Task.Delay(Owed));
    }

    private void Read()
    {
        var settings = new XmlReaderSettings { CheckCharacters = false, ConformanceLevel = ConformanceLevel.Fragment };
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (!line.StartsWith('<')) continue;
            using var reader = XmlReader.Create(new StringReader(line), settings);
            reader.MoveToContent();
            var pipe = Of(Guid.Parse(reader.GetAttribute("PSGuid")!));
            if (reader.LocalName == "Data") pipe.Add(reader.ReadElementContentAsString());
            else pipe.Answered(reader.LocalName);
        }
        foreach (var pipe in pipes.Values) pipe.Complete();
    }
}

/// <summary>What the server has said for the runspace or for one command, until it is asked for.</summary>
internal sealed class Pipe
{
    private readonly Queue<string> data = new();
    private readonly Dictionary<string, TaskCompletionSource> expected = [];
    private TaskCompletionSource news = New();

    public bool IsComplete { get; private set; }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Expect(string answer)
    {
        lock (data) return (expected[answer] = New()).Task;
    }

    public void Answered(string answer)
    {
        lock (data) if (expected.Remove(answer, out var waiting)) waiting.TrySetResult();
    }

    public void Add(string piece)
    {
        lock (data)
        {
            data.Enqueue(piece);
            news.TrySetResult();
        }
    }

    /// <summary>Nothing more comes: the command was ended, or the server.</summary>
    public void Complete()
    {
        lock (data)
        {
            IsComplete = true;
            foreach (var waiting in expected.Values) waiting.TrySetException(new IOException("the server has ended"));
            expected.Clear();
            news.TrySetResult();
        }
    }

    /// <summary>What there is, up to a size, once there is something or the time is over.</summary>
    public async Task<(IReadOnlyList<string> Data, bool Done)> Take(TimeSpan wait, int most)
    {
        Task waiting;
        lock (data)
        {
            if (data.Count == 0 && !IsComplete && news.Task.IsCompleted) news = New();
            waiting = news.Task;
        }
        await Task.WhenAny(waiting, Task.Delay(wait));
        lock (data)
        {
            var taken = new List<string>();
            for (var size = 0; data.TryPeek(out var next) && (taken.Count == 0 || size + next.Length <= most); size += next.Length) taken.Add(data.Dequeue());
            return (taken, IsComplete && data.Count == 0);
        }
    }
}
