using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>Judges by ssh's status and words why a session did not open.</summary>
internal static class SshOpenFailure
{
    /// <summary>The status with which ssh reports an error of its own; any other is that of the program on the target.</summary>
    private const int SshFailed = 255;

    /// <summary>How the engine marks its own error text on standard output.</summary>
    private const string EngineError = "__NamedPipeError__:";

    /// <summary>Parts of ssh's messages about what may heal by itself: a network, a start, a load. Anything else needs a person.</summary>
    private static readonly string[] MayHeal =
    [
        "refused", "timed out", "timeout", "reset", "closed", "unreachable", "no route", "is down", "broken pipe", "aborted", "disconnect",
        "resolve hostname", "kex_exchange_identification", "banner", "not responding", "mux", "control socket", "controlsocket",
        "temporarily", "cannot allocate memory", "too many open",
    ];

    /// <summary>What is said of a session that ended without a word although its connection stands: a missing subsystem, or a program that was killed once.</summary>
    public const string ClosedSilently = "The connection stands, but the target closed the session before PowerShell answered.";

    /// <param name="message">What the engine made of it, for failures without words of ssh.</param>
    public static JsonObject Explain(SshTransport transport, SshTarget target, string message)
    {
        if (transport.Noise is { } noise)
        {
            return noise.StartsWith(EngineError, StringComparison.Ordinal)
                ? OpenFailures.Refused("session-refused", noise[EngineError.Length..])
                : OpenFailures.Refused("text-before-powershell", noise);
        }
        var words = transport.LastWords();
        var said = words.Length > 0 ? words : message;
        // The words are then those of the program: a "Permission denied" among them is no refused sign-in.
        if (transport.ExitCode is { } status and not SshFailed) return OpenFailures.Refused("no-powershell", $"The program of the subsystem ended with status {status}. {words}".TrimEnd());
        if (SshFault.CodeOf(said) is { } code) return OpenFailures.Refused(code, said);
        if (Has(words, "Host key verification failed") || Has(words, "HOST IDENTIFICATION HAS CHANGED") || Has(words, "host key is known"))
            return OpenFailures.Refused("host-key-changed", words);
        if (Has(words, "Permission denied") || Has(words, "Too many authentication")) return OpenFailures.Refused("sign-in-refused", words);
        if (Has(words, "subsystem")) return OpenFailures.Refused("no-powershell", words);
        // Over a shared connection ssh has no words for a session that the target closed.
        if (words.Length == 0 && transport is { Closed: true, ExitCode: SshFailed } && SshMasters.Answers(target))
            return OpenFailures.Refused("no-powershell", ClosedSilently);
        // The connection stands: it is PowerShell on the target that said no.
        if (transport is { Closed: false }) return OpenFailures.Refused("session-refused", message);
        if (words.Length == 0 || MayHeal.Any(part => Has(words, part))) return OpenFailures.Failure("unreachable", said);
        return OpenFailures.Refused("ssh-error", words);
    }

    private static bool Has(string words, string part) => words.Contains(part, StringComparison.OrdinalIgnoreCase);
}
