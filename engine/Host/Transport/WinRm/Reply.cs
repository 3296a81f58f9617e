using System.Buffers.Text;
using System.Xml;

namespace Fixpoint.Engine;

/// <summary>
/// What an answer says. It is read without a tree and taken to be hostile: no document type, no entities, bounded in bytes by the
/// caller and in depth here, and what goes on to the engine is base64.
/// </summary>
internal sealed class Reply
{
    /// <summary>Deepest element; an answer of Windows has a dozen.</summary>
    private const int Deepest = 64;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, CloseInput = true,
    };

    /// <summary>Bytes of its text.</summary>
    public int Size { get; private init; }

    /// <summary>The shell that was opened; null where the answer names none.</summary>
    public Guid? Shell { get; private set; }

    /// <summary>Output in order, each piece base64.</summary>
    public List<string> Streams { get; } = [];

    /// <summary>Whether the command, or the shell, has ended.</summary>
    public bool Done { get; private set; }

    public bool IsFault { get; private set; }

    /// <summary>Number of the fault (wsmerror.h); 0 where there is none.</summary>
    public uint FaultCode { get; private set; }

    /// <summary>Such as `w:AccessDenied`.</summary>
    public string FaultSubcode { get; private set; } = "";

    /// <summary>At most 300 characters, without control characters.</summary>
    public string FaultText { get; private set; } = "";

    /// <param name="messageId">Id of the request: an answer to another one is refused.</param>
    /// <exception cref="WinRmFailure">`winrm-error`.</exception>
    public static Reply Parse(byte[] xml, string messageId)
    {
        var reply = new Reply { Size = xml.Length };
        string relates;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml), Settings);
            relates = reply.Read(reader);
        }
        catch (Exception error) when (error is XmlException or FormatException or InvalidOperationException)
        {
            throw new WinRmFailure(WinRmFailure.Protocol, $"the answer cannot be read: {error.Message}", sent: true);
        }
        // A server that could not read a request says so without its id.
        if (string.Equals(relates, messageId, StringComparison.OrdinalIgnoreCase) || relates.Length == 0 && reply.IsFault) return reply;
        throw new WinRmFailure(WinRmFailure.Protocol, "the answer is to another request", sent: true);
    }

    private string Read(XmlReader reader)
    {
        var relates = "";
        var values = 0;
        reader.MoveToContent();
        if (reader is not { LocalName: "Envelope", NamespaceURI: WsNames.Soap }) throw new FormatException("it is no SOAP envelope");
        while (!reader.EOF)
        {
            if (reader.Depth > Deepest) throw new FormatException("it is nested too deep");
            if (reader.NodeType != XmlNodeType.Element)
            {
                reader.Read();
                continue;
            }
            switch (reader.LocalName, reader.NamespaceURI)
            {
                case ("RelatesTo", WsNames.Addressing):
                    relates = reader.ReadElementContentAsString().Trim();
                    continue;
                case ("ShellId", WsNames.Shell):
                    Shell = Guid.Parse(reader.ReadElementContentAsString());
                    continue;
                case ("Selector", WsNames.Management) when Shell is null && reader.GetAttribute("Name") == "ShellId":
                    Shell = Guid.Parse(reader.ReadElementContentAsString());
                    continue;
                case ("Stream", WsNames.Shell):
                    var data = reader.ReadElementContentAsString();
                    if (!Base64.IsValid(data)) throw new FormatException("its output is not base64");
                    if (data.Length > 0) Streams.Add(data);
                    continue;
                case ("CommandState", WsNames.Shell):
                    Done |= reader.GetAttribute("State") == WsNames.Done;
                    break;
                case ("Fault", WsNames.Soap):
                    IsFault = true;
                    break;
                case ("Value", WsNames.Soap):
                    // The first is the kind of fault, the second its subcode.
                    var value = reader.ReadElementContentAsString().Trim();
                    if (values++ == 1) FaultSubcode = Short(value);
                    continue;
                case ("Text", WsNames.Soap):
                    FaultText = Short(reader.ReadElementContentAsString().Trim());
                    continue;
                case ("WSManFault", WsNames.Fault):
                    // One inside another is that of a plug-in, which says less.
                    if (FaultCode == 0 && uint.TryParse(reader.GetAttribute("Code"), out var code)) FaultCode = code;
                    break;
            }
            reader.Read();
        }
        return relates;
    }

    private static string Short(string text) => string.Concat(text.Take(300).Select(each => char.IsControl(each) ? ' ' : each));
}
