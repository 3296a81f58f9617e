using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Text;
using System.Text.RegularExpressions;

namespace Fixpoint.Lab.WinRm;

/// <summary>Sealed messages at the server's side, written apart from the product's: each must read what the other writes.</summary>
internal static partial class Sealed
{
    [GeneratedRegex(@"Length=(\d+)\r\n.*?octet-stream\r\n", RegexOptions.Singleline)]
    private static partial Regex Head();

    public static string ContentType(string scheme) => $"multipart/encrypted;protocol=\"{Protocol(scheme)}\";boundary=\"Encrypted Boundary\"";

    private static string Protocol(string scheme) => scheme == "Kerberos" ? "application/HTTP-Kerberos-session-encrypted" : "application/HTTP-SPNEGO-session-encrypted";

    public static byte[] Open(NegotiateAuthentication keys, byte[] body)
    {
        var head = Head().Match(Encoding.Latin1.GetString(body, 0, Math.Min(body.Length, 600)));
        if (!head.Success) throw new InvalidDataException("no sealed message");
        var token = body.AsSpan(head.Index + head.Length + 4, body.Length - head.Index - head.Length - 4 - "--Encrypted Boundary--\r\n".Length);
        var plain = new ArrayBufferWriter<byte>(token.Length);
        if (keys.Unwrap(token, plain, out var encrypted) != NegotiateAuthenticationStatusCode.Completed || !encrypted) throw new InvalidDataException("it does not open");
        return plain.WrittenCount == int.Parse(head.Groups[1].Value) ? plain.WrittenSpan.ToArray() : throw new InvalidDataException("another length");
    }

    /// <param name="length">What the message says of its length; null: its length.</param>
    public static byte[] Close(NegotiateAuthentication keys, string scheme, byte[] plain, string? length = null)
    {
        var writer = new ArrayBufferWriter<byte>(plain.Length + 128);
        keys.Wrap(plain, writer, true, out _);
        var token = writer.WrittenSpan.ToArray();
        var signature = token.Length - plain.Length;
        // As Windows lays a token of Kerberos out: 28 bytes of trailer before the data, and their count as RRC.
        if (token[0] == 5 && token[1] == 4)
        {
            byte[] turned = [.. token[..16], .. token[^(signature - 32)..], .. token[16..^(signature - 32)]];
            BinaryPrimitives.WriteUInt16BigEndian(turned.AsSpan(6), (ushort)(signature - 32));
            token = turned;
        }
        var count = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(count, signature);
        var text = $"--Encrypted Boundary\r\n\tContent-Type: {Protocol(scheme)}\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;{length ?? $"Length={plain.Length}"}\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n";
        return [.. Encoding.ASCII.GetBytes(text), .. count, .. token, .. "--Encrypted Boundary--\r\n"u8];
    }
}
