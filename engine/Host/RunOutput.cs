using System.Management.Automation;
using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>How much one run may say (see `OutputLimits` of the port).</summary>
public sealed record OutputLimits(int RecordChars, int KeptBytes, int TotalBytes, int OutputBytes)
{
    public static OutputLimits From(JsonObject? limits) => new(
        (int?)limits?["recordChars"] ?? 8192,
        (int?)limits?["keptBytes"] ?? 1024 * 1024,
        (int?)limits?["totalBytes"] ?? 10 * 1024 * 1024,
        (int?)limits?["outputBytes"] ?? 1024 * 1024);
}

/// <summary>Collects what a run emits: values mapped as they come, stream records sent on while it runs, all of it bounded.</summary>
public sealed class RunOutput(OutputLimits limits, Action<JsonObject> onRecord)
{
    private readonly Lock guard = new();
    private Action stop = () => { };
    private long total;
    private long kept;
    private long valueBytes;
    private JsonObject? failure;
    private DateTime lastProgress = DateTime.MinValue;

    public JsonArray Values { get; } = [];
    public int Records { get; private set; }
    public bool Truncated { get; private set; }

    /// <summary>Hooks every stream; `stopRun` is called once when a limit is passed.</summary>
    public void Attach(PowerShell shell, Action stopRun)
    {
        stop = stopRun;
        Hook(shell.Streams.Error, record => Record("error", record.Exception?.Message ?? record.ToString(), ErrorFields.From(record)));
        Hook(shell.Streams.Warning, record => Record("warning", record.Message));
        Hook(shell.Streams.Verbose, record => Record("verbose", record.Message));
        Hook(shell.Streams.Debug, record => Record("debug", record.Message));
        Hook(shell.Streams.Information, record => Record("information", record.MessageData?.ToString() ?? ""));
        Hook(shell.Streams.Progress, Progress);
    }

    private static void Hook<T>(PSDataCollection<T> stream, Action<T> take)
    {
        // What was sent on need not be kept here: a stream without end would fill the memory.
        stream.DataAdding += (_, adding) => take((T)adding.ItemAdded);
        stream.DataAdded += (sender, added) =>
        {
            if (((PSDataCollection<T>)sender!).Count > 64) ((PSDataCollection<T>)sender).Clear();
        };
    }

    /// <summary>One emitted object. Called while the pipeline runs, so a flood is stopped while it comes.</summary>
    public void Take(object? item)
    {
        lock (guard)
        {
            if (failure is not null) return;
            try
            {
                if (ReferenceEquals(item, System.Management.Automation.Internal.AutomationNull.Value)) return;
                var value = Fixpoint.Engine.Values.FromPowerShell(item);
                valueBytes += Fixpoint.Engine.Values.Size(value);
                if (valueBytes > limits.OutputBytes) Fail("malformed-output", $"the output is larger than {limits.OutputBytes} bytes");
                else Values.Add(value);
            }
            catch (MalformedOutputException error)
            {
                Fail("malformed-output", error.Message);
            }
        }
    }

    private void Progress(ProgressRecord record)
    {
        var now = DateTime.UtcNow;
        // Many a second say nothing more to a person than a few.
        if (record.RecordType == ProgressRecordType.Processing && now - lastProgress < TimeSpan.FromMilliseconds(200)) return;
        lastProgress = now;
        Record("progress", $"{record.Activity}: {record.StatusDescription}", null, Math.Clamp(record.PercentComplete, -1, 100));
    }

    private void Record(string stream, string text, JsonObject? error = null, int? percent = null)
    {
        lock (guard)
        {
            if (failure is not null) return;
            var cut = text.Length > limits.RecordChars;
            total += text.Length;
            if (total > limits.TotalBytes)
            {
                Fail("output-limit", $"more than {limits.TotalBytes} characters of stream records");
                return;
            }
            if (cut) text = text[..limits.RecordChars];
            if (kept + text.Length > limits.KeptBytes)
            {
                Truncated = true;
                return;
            }
            kept += text.Length;
            Truncated |= cut;
            var frame = new JsonObject
            {
                ["seq"] = ++Records,
                ["stream"] = stream,
                ["text"] = Whole(text),
                ["atUtc"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
                ["truncated"] = cut,
            };
            if (error is not null) frame["error"] = error;
            if (percent is { } known) frame["percent"] = known;
            onRecord(frame);
        }
    }

    /// <summary>Text that JSON can carry: a cut may have parted a surrogate pair, and a script may write half of one.</summary>
    private static string Whole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else return string.Concat(text.EnumerateRunes());
        }
        return text;
    }

    private void Fail(string kind, string detail)
    {
        failure = new JsonObject { ["kind"] = kind, ["detail"] = detail };
        Truncated = true;
        Values.Clear();
        stop();
    }

    /// <summary>The failure that the output itself caused, if any.</summary>
    public JsonObject? Failure()
    {
        lock (guard) return (JsonObject?)failure?.DeepClone();
    }
}
