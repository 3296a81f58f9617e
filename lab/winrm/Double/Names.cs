using System.Xml.Linq;

namespace Fixpoint.Lab.WinRm;

/// <summary>Names of WS-Management, and the envelopes of answers.</summary>
internal static class Names
{
    public static readonly XNamespace S = "http://www.w3.org/2003/05/soap-envelope", A = "http://schemas.xmlsoap.org/ws/2004/08/addressing",
        W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd", R = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
        X = "http://schemas.xmlsoap.org/ws/2004/09/transfer", F = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";

    public static Answer Ok(Request request, string body) => new(200, Envelope($"{request.Action}Response", request.MessageId, body));

    public static Answer Fault(Request request, string subcode, uint code, string text) => new(500, Envelope("http://schemas.dmtf.org/wbem/wsman/1/wsman/fault", request.MessageId,
        $"<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>{subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en-US\">{text}</s:Text></s:Reason>"
        + $"<s:Detail><f:WSManFault xmlns:f=\"{F}\" Code=\"{code}\" Machine=\"double\"><f:Message>{text}</f:Message></f:WSManFault></s:Detail></s:Fault>"));

    private static string Envelope(string action, string relatesTo, string body) =>
        $"<s:Envelope xml:lang=\"en-US\" xmlns:s=\"{S}\" xmlns:a=\"{A}\" xmlns:x=\"{X}\" xmlns:w=\"{W}\" xmlns:rsp=\"{R}\"><s:Header><a:Action>{action}</a:Action>"
        + $"<a:MessageID>uuid:{Guid.NewGuid().ToString().ToUpperInvariant()}</a:MessageID><a:To>{A}/role/anonymous</a:To><a:RelatesTo>{relatesTo}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>";
}

/// <summary>An answer before it is sealed.</summary>
internal sealed record Answer(int Status, string Text);

/// <summary>What a request says.</summary>
internal sealed class Request
{
    private readonly XDocument document;

    public Request(byte[] text)
    {
        document = XDocument.Load(new MemoryStream(text));
        var head = document.Root!.Element(Names.S + "Header")!;
        Body = document.Root.Element(Names.S + "Body")!.Elements().FirstOrDefault();
        MessageId = (string?)head.Element(Names.A + "MessageID") ?? "";
        Action = (string)head.Element(Names.A + "Action")!;
        Resource = (string)head.Element(Names.W + "ResourceURI")!;
        MaxEnvelope = (int)head.Element(Names.W + "MaxEnvelopeSize")!;
        Wait = System.Xml.XmlConvert.ToTimeSpan((string)head.Element(Names.W + "OperationTimeout")!);
        Shell = (string?)head.Element(Names.W + "SelectorSet")?.Elements().FirstOrDefault() ?? "";
        var named = Body?.DescendantsAndSelf().Attributes("CommandId").FirstOrDefault();
        Command = named is null ? Guid.Empty : Guid.Parse(named.Value);
    }

    public XElement? Body { get; }
    public string MessageId { get; }
    public string Action { get; }
    public string Verb => Action[(Action.LastIndexOf('/') + 1)..];
    public string Resource { get; }
    public string Configuration => Resource[(Resource.LastIndexOf('/') + 1)..];
    public int MaxEnvelope { get; }
    public TimeSpan Wait { get; }
    public string Shell { get; }

    /// <summary>Empty for the runspace itself.</summary>
    public Guid Command { get; }

    /// <summary>Text of the first element of a name.</summary>
    public string Text(string name) => document.Descendants().First(element => element.Name.LocalName == name).Value.Trim();
}
