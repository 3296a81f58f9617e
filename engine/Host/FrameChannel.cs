using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>One JSON object a line, UTF-8, both ways. Writes may come from any thread.</summary>
public sealed class FrameChannel(Stream stream)
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock writing = new();
    private readonly StreamReader reader = new(stream, new UTF8Encoding(false), false, 65536);

    /// <summary>The next frame, or null when the other side is gone.</summary>
    public JsonObject? Receive()
    {
        try
        {
            return reader.ReadLine() is { } line ? JsonNode.Parse(line, null, new JsonDocumentOptions { MaxDepth = 64 })!.AsObject() : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Sends a frame; a closed socket is found by the reader, so it is not an error here.</summary>
    public void Send(JsonObject frame)
    {
        var bytes = Encoding.UTF8.GetBytes(frame.ToJsonString(Format) + "\n");
        try
        {
            lock (writing)
            {
                stream.Write(bytes);
                stream.Flush();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
        }
    }
}
