using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Text;

namespace Fixpoint.Engine;

/// <summary>
/// Sealed messages of WS-Management over plain HTTP (MS-WSMV 2.2.9.1): two parts, of which the second is the length of a signature, the
/// signature and the ciphertext. They are read by their lengths, because ciphertext may contain a boundary.
/// </summary>
internal static class Seal
{
    private const string Boundary = "Encrypted Boundary";

    /// <summary>Bytes of a Kerberos token before what is turned (RFC 4121, 4.2.6.2), and of its confounder (AES).</summary>
    private const int Header = 16, Confounder = 16;

    private static ReadOnlySpan<byte> LengthMark => "Length="u8;
    private static ReadOnlySpan<byte> DataMark => "application/octet-stream\r\n"u8;
    private static ReadOnlySpan<byte> EndMark => "--Encrypted Boundary--"u8;

    public static string ContentType(string scheme) => $"multipart/encrypted;protocol=\"{Protocol(scheme)}\";boundary=\"{Boundary}\"";

    private static string Protocol(string scheme) => $"application/HTTP-{(scheme == "Kerberos" ? "Kerberos" : "SPNEGO")}-session-encrypted";

    /// <exception cref="WinRmFailure">`insecure-transport` where the sign-in has no key that seals.</exception>
    public static byte[] Encode(NegotiateAuthentication signIn, string scheme, byte[] plain)
    {
        var written = new ArrayBufferWriter<byte>(plain.Length + 128);
        if (signIn.Wrap(plain, written, requestEncryption: true, out var isSealed) != NegotiateAuthenticationStatusCode.Completed || !isSealed)
            throw new WinRmFailure(WinRmFailure.Insecure, "the sign-in does not seal messages");
        var token = written.WrittenSpan.ToArray();
        var signature = token.Length - plain.Length;
        if (signIn.Package == "Kerberos") TurnForWindows(token, signature);
        var head = Encoding.ASCII.GetBytes($"--{Boundary}\r\n\tContent-Type: {Protocol(scheme)}\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={plain.Length}\r\n--{Boundary}\r\n\tContent-Type: application/octet-stream\r\n");
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, signature);
        return [.. head, .. length, .. token, .. EndMark, .. "\r\n"u8];
    }

    /// <summary>
    /// GSSAPI puts the trailer of a token at its end, Windows expects it before the data. The bytes after the header are turned right by
    /// its length and the count is written as RRC, which the checksum does not cover: every receiver undoes the turn (RFC 4121, 4.2.5).
    /// </summary>
    private static void TurnForWindows(Span<byte> token, int signature)
    {
        // Another kind of token is that of RC4, which is not taken.
        if (token.Length < Header + Confounder || token[0] != 0x05 || token[1] != 0x04) throw new WinRmFailure(WinRmFailure.Insecure, "the ticket is not sealed with AES");
        if (BinaryPrimitives.ReadUInt16BigEndian(token[6..]) != 0) return;
        var trailer = signature - Header - Confounder;
        var body = token[Header..];
        var last = body[^trailer..].ToArray();
        body[..^trailer].CopyTo(body[trailer..]);
        last.CopyTo(body);
        BinaryPrimitives.WriteUInt16BigEndian(token[6..], (ushort)trailer);
    }

    /// <exception cref="WinRmFailure">`winrm-error`: lengths that do not fit, another key, a message that was changed or came before.</exception>
    public static byte[] Decode(NegotiateAuthentication signIn, ReadOnlySpan<byte> body)
    {
        var data = body.IndexOf(DataMark);
        var mark = data < 0 ? -1 : body[..data].IndexOf(LengthMark);
        var end = body.LastIndexOf(EndMark);
        // Some servers write a space after the first two dashes.
        if (end < 0) end = body.LastIndexOf("-- Encrypted Boundary--"u8);
        var start = data + DataMark.Length;
        if (mark < 0 || end < start + 4) throw Wrong("it has not the parts of one");
        if (!Utf8Number(body[(mark + LengthMark.Length)..data], out var length)) throw Wrong("it has no length");
        var token = body[(start + 4)..end];
        var signature = BinaryPrimitives.ReadInt32LittleEndian(body[start..]);
        if (signature is < 1 or > 1024 || signature > token.Length) throw Wrong("its signature has no such length");
        var written = new ArrayBufferWriter<byte>(token.Length + 1);
        var status = signIn.Unwrap(token, written, out var wasSealed);
        if (status != NegotiateAuthenticationStatusCode.Completed || !wasSealed) throw Wrong($"it does not open ({status})");
        if (written.WrittenCount != length) throw Wrong($"it has {written.WrittenCount} bytes and says {length}");
        return written.WrittenSpan.ToArray();
    }

    private static bool Utf8Number(ReadOnlySpan<byte> text, out int number) => System.Buffers.Text.Utf8Parser.TryParse(text, out number, out var used) && used > 0;

    private static WinRmFailure Wrong(string why) => new(WinRmFailure.Protocol, $"the sealed answer is wrong: {why}", sent: true);
}
