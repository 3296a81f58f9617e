using System.Text;
using System.Threading.Channels;

namespace Fixpoint.Engine;

/// <summary>The runspace of a shell, or one of its pipelines: what the engine has for it, in order, and how far it is.</summary>
internal sealed class WinRmPipe(Guid id)
{
    /// <summary>Empty for the runspace itself.</summary>
    public Guid Id => id;

    public Channel<EngineLine> Lines { get; } = Channel.CreateUnbounded<EngineLine>(new() { SingleReader = true });

    /// <summary>Done once the target has answered the request that opens it.</summary>
    public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The loop that asks for its output; it ends when there is no more.</summary>
    public Task Receiving { get; set; } = Task.CompletedTask;

    /// <summary>The request with further data that is on its way.</summary>
    public Task Sending { get; set; } = Task.CompletedTask;

    /// <summary>Whether the request that opens it was sent.</summary>
    public bool Asked { get; set; }

    /// <summary>Done once the engine wants nothing more of it.</summary>
    public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Closing => Closed.Task.IsCompleted;

    /// <summary>Whether a piece of output ends with the state of a pipeline (MS-PSRP 2.2.1 and 2.2.4: the type follows 21 bytes of a fragment and 4 of a message).</summary>
    public static bool IsState(string base64)
    {
        const int Type = 25;
        Span<byte> head = stackalloc byte[30];
        return Convert.TryFromBase64Chars(base64.AsSpan(0, Math.Min(base64.Length, 40)), head, out var length) && length > Type + 4 && BitConverter.ToUInt32(head[Type..]) == 0x00041006;
    }
}

/// <summary>One line of the engine: an element `Data`, `Command`, `Signal` or `Close` (MS-PSRP over processes has no other to a server).</summary>
internal readonly record struct EngineLine(string Kind, Guid Id, string Stream, byte[] Data)
{
    /// <summary>The form that the engine itself writes: `&lt;Data Stream='Default' PSGuid='…'&gt;base64&lt;/Data&gt;`.</summary>
    public static EngineLine Parse(string text)
    {
        var end = text.IndexOf('>');
        var head = text.AsSpan(0, end);
        var kind = text[1..text.IndexOf(' ')];
        var id = Guid.Parse(head.Slice(head.IndexOf("PSGuid='") + 8, 36));
        var stream = head.Contains("PromptResponse", StringComparison.Ordinal) ? "pr" : "stdin";
        return new(kind, id, stream, kind == "Data" ? Convert.FromBase64String(text[(end + 1)..text.IndexOf('<', end)]) : []);
    }
}

/// <summary>What the engine writes its lines to.</summary>
internal sealed class LineWriter(Action<string> take) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => take(value!);

    public override void Write(char value) => throw new NotSupportedException("the engine writes whole lines");
}
