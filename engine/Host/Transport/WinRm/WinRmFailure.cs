using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>
/// Why something over WinRM did not work. `Code` is `unreachable`, `link-lost`, `output-limit`, `winrm-quota`, or a code of a refused
/// session. Faults are judged by their numbers and subcodes (wsmerror.h, DSP0226), never by their texts, which are translated.
/// </summary>
internal sealed class WinRmFailure(string code, string detail, bool sent = false) : Exception(detail)
{
    public const string Unreachable = "unreachable", LinkLost = "link-lost", OutputLimit = "output-limit", Quota = "winrm-quota",
        Denied = "endpoint-denied", Missing = "endpoint-missing", SignIn = "sign-in-refused", Insecure = "insecure-transport",
        Certificate = "certificate-not-trusted", Protocol = "winrm-error", Credential = "credential-unavailable", NoKdc = "kdc-unreachable";

    /// <summary>Number of the fault with which a server ends a request for output that has run its time.</summary>
    public const uint TimedOut = 0x80338029;

    public string Code { get; } = code;

    /// <summary>Whether the target may have carried out what was asked.</summary>
    public bool Sent { get; } = sent;

    /// <summary>A failure of an exchange that broke off.</summary>
    public static WinRmFailure Broken(bool sent, string detail) => new(sent ? LinkLost : Unreachable, detail, sent);

    public static WinRmFailure OfFault(Reply reply, bool creating) => new(CodeOf(reply, creating), $"{reply.FaultText} (fault {reply.FaultCode}, {reply.FaultSubcode})", sent: true);

    private static string CodeOf(Reply reply, bool creating) => reply.FaultCode switch
    {
        // Access denied, the same as an HRESULT, and shells that are switched off.
        5 or 0x80070005 or 0x803381AC => Denied,
        // Busy, and the quotas of shells, operations, users and plug-ins.
        0x8033803F or (>= 0x803381A5 and <= 0x803381A8) or 0x803381AB or (>= 0x803381E4 and <= 0x803381EA) => Quota,
        // No such resource, resource URI or URI; unexpected selectors and HTTP 404. Later on they say that the shell is gone.
        0x80338000 or 0x8033803B or 0x80338002 or 0x8033805B or 0x80338113 => creating ? Missing : LinkLost,
        _ => reply.FaultSubcode[(reply.FaultSubcode.IndexOf(':') + 1)..] switch
        {
            "AccessDenied" => Denied,
            "QuotaLimit" => Quota,
            "DestinationUnreachable" => creating ? Missing : LinkLost,
            _ => creating ? "session-refused" : LinkLost,
        },
    };

    /// <summary>The port's failure of a session that did not open: nothing of a job ran, so a loss is one that may be tried again.</summary>
    public JsonObject OfOpening() => Code switch
    {
        Unreachable or LinkLost => OpenFailures.Failure(Unreachable, Message),
        Quota or NoKdc => OpenFailures.MayHeal(Code, Message),
        OutputLimit => OpenFailures.Refused(Protocol, Message),
        _ => OpenFailures.Refused(Code, Message),
    };
}
