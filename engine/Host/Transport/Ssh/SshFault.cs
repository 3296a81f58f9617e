namespace Fixpoint.Engine;

/// <summary>What ssh says when the fault is on our side: it does not heal by itself, and it is none of the target.</summary>
internal static class SshFault
{
    private static readonly string[] OfTheKey = ["Load key", "no such identity", "not accessible", "UNPROTECTED PRIVATE KEY FILE"];

    private static readonly string[] OfTheClient =
    [
        NotStarted, "ControlPath too long", "too long for Unix domain socket", "command-line", "Bad configuration option", "Unsupported option", "unknown key", "percent_expand",
        "unix_listener", "mkstemp", "Bad owner or permissions", "No space left on device", "Read-only file system",
        "error while loading shared libraries",
    ];

    /// <summary>How the message of a program that could not be started begins.</summary>
    public const string NotStarted = "ssh could not be started";

    /// <summary>The code of a fault of this installation; null where the words speak of the target.</summary>
    public static string? CodeOf(string words)
    {
        if (OfTheKey.Any(part => words.Contains(part, StringComparison.Ordinal))) return "credential-unavailable";
        return OfTheClient.Any(part => words.Contains(part, StringComparison.Ordinal)) ? "ssh-unusable" : null;
    }
}
