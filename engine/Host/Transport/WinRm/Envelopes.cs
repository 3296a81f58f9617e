using System.Buffers.Text;
using System.Globalization;
using System.Security;
using System.Text;

namespace Fixpoint.Engine;

/// <summary>A request: the id that its answer has to name, and its text around data that goes as base64.</summary>
internal readonly record struct Envelope(string MessageId, string Before, byte[] Data, string After)
{
    public byte[] ToBytes()
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(Before) + Base64.GetMaxEncodedToUtf8Length(Data.Length) + Encoding.UTF8.GetByteCount(After)];
        var at = Encoding.UTF8.GetBytes(Before, bytes);
        Base64.EncodeToUtf8(Data, bytes.AsSpan(at), out _, out var length);
        Encoding.UTF8.GetBytes(After, bytes.AsSpan(at + length));
        return bytes;
    }
}

/// <summary>The names of WS-Management and of its shells (DSP0226, MS-WSMV 2.2.1).</summary>
internal static class WsNames
{
    public const string Soap = "http://www.w3.org/2003/05/soap-envelope", Addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing",
        Management = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd", Microsoft = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd",
        Shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell", Transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer",
        Fault = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault", PowerShell = "http://schemas.microsoft.com/powershell";

    /// <summary>Stops a pipeline; PowerShell itself spells it so on both sides.</summary>
    public const string Stop = "powershell/signal/crtl_c";

    public const string Terminate = Shell + "/signal/terminate", Done = Shell + "/CommandState/Done";
}

/// <summary>The requests of one shell. Texts are escaped; ids are ids and data is base64, which needs no escaping.</summary>
internal sealed class Envelopes(WinRmTarget target, Guid shell)
{
    private static readonly string Anonymous = $"{WsNames.Addressing}/role/anonymous";

    private readonly string session = Id(Guid.NewGuid());
    private readonly string head =
        $"<s:Envelope xmlns:s=\"{WsNames.Soap}\" xmlns:a=\"{WsNames.Addressing}\" xmlns:w=\"{WsNames.Management}\" xmlns:p=\"{WsNames.Microsoft}\" xmlns:r=\"{WsNames.Shell}\"><s:Header>"
        + $"<a:To>{SecurityElement.Escape(new UriBuilder(target.Address) { Scheme = target.Tls ? "https" : "http" }.Uri.AbsoluteUri)}</a:To>"
        + $"<w:ResourceURI s:mustUnderstand=\"true\">{WsNames.PowerShell}/{SecurityElement.Escape(target.Configuration)}</w:ResourceURI>"
        + $"<a:ReplyTo><a:Address s:mustUnderstand=\"true\">{Anonymous}</a:Address></a:ReplyTo>"
        + $"<w:MaxEnvelopeSize s:mustUnderstand=\"true\">{target.MaxEnvelope.ToString(CultureInfo.InvariantCulture)}</w:MaxEnvelopeSize>"
        + "<w:Locale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/><p:DataLocale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/>"
        + $"<w:OperationTimeout>{Seconds(target.Operation)}</w:OperationTimeout>";

    /// <summary>The shell that requests are about: our proposal until the target has answered with its own.</summary>
    public Guid Shell { get; set; } = shell;

    /// <summary>Opens the shell, with the first data of its runspace.</summary>
    public Envelope Create(byte[] data) => Wrap($"{WsNames.Transfer}/Create", data,
        $"<r:Shell ShellId=\"{Id(Shell)}\" Name=\"Fixpoint\"><r:IdleTimeOut>{Seconds(target.Idle)}</r:IdleTimeOut><r:InputStreams>stdin pr</r:InputStreams><r:OutputStreams>stdout</r:OutputStreams><creationXml xmlns=\"{WsNames.PowerShell}\">",
        "</creationXml></r:Shell>", "<w:Option Name=\"protocolversion\" MustComply=\"true\">2.3</w:Option>", selects: false);

    public Envelope Delete() => Wrap($"{WsNames.Transfer}/Delete", [], "", "");

    /// <summary>Starts a pipeline, with its first data.</summary>
    public Envelope Command(Guid command, byte[] data) => Wrap($"{WsNames.Shell}/Command", data,
        $"<r:CommandLine CommandId=\"{Id(command)}\"><r:Command/><r:Arguments>", "</r:Arguments></r:CommandLine>");

    /// <param name="command">Empty: for the runspace itself.</param>
    /// <param name="stream">`stdin`, or `pr` for answers to a prompt.</param>
    public Envelope Send(Guid command, string stream, byte[] data) => Wrap($"{WsNames.Shell}/Send", data,
        $"<r:Send><r:Stream Name=\"{stream}\"{Of(command)}>", "</r:Stream></r:Send>");

    /// <summary>Asks for output; the answer comes when there is some, or when the time of an operation is over.</summary>
    public Envelope Receive(Guid command) => Wrap($"{WsNames.Shell}/Receive", [],
        $"<r:Receive><r:DesiredStream{Of(command)}>stdout", "</r:DesiredStream></r:Receive>", "<w:Option Name=\"WSMAN_CMDSHELL_OPTION_KEEPALIVE\">TRUE</w:Option>");

    public Envelope Signal(Guid command, string code) => Wrap($"{WsNames.Shell}/Signal", [], $"<r:Signal{Of(command)}><r:Code>{code}", "</r:Code></r:Signal>");

    private Envelope Wrap(string action, byte[] data, string before, string after, string options = "", bool selects = true)
    {
        var id = $"uuid:{Id(Guid.NewGuid())}";
        var set = options.Length > 0 ? $"<w:OptionSet s:mustUnderstand=\"true\">{options}</w:OptionSet>" : "";
        var selector = selects ? $"<w:SelectorSet><w:Selector Name=\"ShellId\">{Id(Shell)}</w:Selector></w:SelectorSet>" : "";
        return new(id, $"{head}<a:Action s:mustUnderstand=\"true\">{action}</a:Action><a:MessageID>{id}</a:MessageID><p:SessionId s:mustUnderstand=\"false\">uuid:{session}</p:SessionId>{set}{selector}</s:Header><s:Body>{before}",
            data, $"{after}</s:Body></s:Envelope>");
    }

    private static string Of(Guid command) => command == Guid.Empty ? "" : $" CommandId=\"{Id(command)}\"";

    private static string Id(Guid id) => id.ToString("D").ToUpperInvariant();

    private static string Seconds(TimeSpan time) => $"PT{time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)}S";
}
