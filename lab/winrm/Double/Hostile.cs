using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Fixpoint.Lab.WinRm;

/// <summary>
/// Wrong answers, selected by the name of the session configuration: with `Hostile.MODE.VERB.N` the Nth answer to that kind of request in
/// its shell is wrong in that mode, such as `Hostile.clear.Receive.2`. Every other request is answered as usual.
/// </summary>
internal sealed class Hostile
{
    private readonly string mode;
    private readonly string verb;
    private int left;

    private Hostile(string mode, string verb, int turn) => (this.mode, this.verb, left) = (mode, verb, turn);

    public static Hostile? For(string configuration) =>
        configuration.Split('.') is ["Hostile", var mode, var verb, var turn] ? new Hostile(mode, verb, int.Parse(turn)) : null;

    /// <summary>The mode for this answer; null where it stays as it is.</summary>
    public string? Turn(Request request) => request.Verb == verb && Interlocked.Decrement(ref left) == 0 ? mode : null;

    /// <summary>Modes that stand for an answer as a whole, before anything is carried out.</summary>
    public static async Task<bool> Instead(string? mode, HttpContext context, Peer peer)
    {
        switch (mode)
        {
            case "signed-out":
                peer.SignOut(context);
                return true;
            case "silent":
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { });
                return true;
            case "cut":
                context.Abort();
                return true;
            case "empty":
                context.Response.ContentLength = 0;
                return true;
            case "status-403" or "status-503" or "status-302" or "status-500":
                context.Response.StatusCode = int.Parse(mode[7..]);
                context.Response.Headers.Location = "http://127.0.0.1:9/wsman";
                context.Response.ContentLength = 0;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Modes of the text.</summary>
    public static string Spoil(string? mode, string text) => mode switch
    {
        "wrong-id" => text.Replace("<a:RelatesTo>uuid:", "<a:RelatesTo>uuid:0", StringComparison.Ordinal),
        "no-id" => System.Text.RegularExpressions.Regex.Replace(text, "<a:RelatesTo>.*?</a:RelatesTo>", ""),
        "bomb" => "<!DOCTYPE s [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>" + text.Replace("<s:Body>", "<s:Body><x>&c;</x>", StringComparison.Ordinal),
        "deep" => text.Replace("<s:Body>", "<s:Body>" + string.Concat(Enumerable.Repeat("<x>", 50_000)) + string.Concat(Enumerable.Repeat("</x>", 50_000)), StringComparison.Ordinal),
        "garbage" => "\u0001 this is no answer",
        "not-soap" => "<html><body>It works!</body></html>",
        "lines" => text.Replace("<s:Body>", $"<s:Body><rsp:Stream Name=\"stdout\">QQ==&lt;/Data&gt;&lt;Close PSGuid='{Guid.Empty}'/&gt;</rsp:Stream>", StringComparison.Ordinal),
        "oversized" => text.Replace("<s:Body>", $"<s:Body><x>{new string('x', 9 << 20)}</x>", StringComparison.Ordinal),
        _ => text,
    };

    /// <summary>Modes of the bytes on the wire; without sealing `replayed` and `reordered` are an answer to another request.</summary>
    public static (byte[] Bytes, string Type) Wire(string? mode, Peer peer, byte[] plain, bool isSealed)
    {
        const string soap = "application/soap+xml;charset=UTF-8";
        if (mode == "clear" || !isSealed) return (mode == "replayed" && peer.Before.Length > 0 ? peer.Before : plain, soap);
        // The number of a message that the other side never gets.
        if (mode == "reordered") Sealed.Close(peer.Keys, peer.Scheme, plain);
        var bytes = Sealed.Close(peer.Keys, peer.Scheme, plain, mode switch { "no-seal-length" => "", "wrong-seal-length" => $"Length={plain.Length + 1}", _ => null });
        if (mode == "flipped") bytes[^60] ^= 1;
        if (mode == "replayed" && peer.Before.Length > 0) bytes = peer.Before;
        return (bytes, Sealed.ContentType(peer.Scheme));
    }

    /// <summary>Sends a body, whole or not.</summary>
    public static async Task Send(string? mode, HttpContext context, byte[] bytes)
    {
        if (mode == "no-length")
        {
            // Below HTTP: Kestrel itself always says how long an answer is.
            var output = context.Features.Get<IConnectionTransportFeature>()!.Transport.Output;
            await output.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {context.Response.ContentType}\r\n\r\n"));
            await output.WriteAsync(bytes);
            await output.CompleteAsync();
            return;
        }
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(mode == "truncated" ? bytes.AsMemory(0, bytes.Length / 2) : bytes);
        if (mode != "truncated") return;
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
