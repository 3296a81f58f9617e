using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fixpoint.Engine;

/// <summary>How this side proves who it is. Only Kerberos is a default; nothing falls from one to another.</summary>
internal enum WinRmAuth { Kerberos, Negotiate, Ntlm, Certificate, Basic }

/// <summary>Where and how to connect by WinRM: only checked values reach a request, a name of a service or a file.</summary>
internal sealed partial class WinRmTarget
{
    public required string Host { get; init; }
    public required int Port { get; init; }
    public required bool Tls { get; init; }
    public required WinRmAuth Auth { get; init; }

    /// <summary>The certificates of the authorities that may have signed the target's own; null with a pin, and without TLS.</summary>
    public X509Certificate2Collection? Authorities { get; private set; }

    /// <summary>SHA-256 of the target's certificate.</summary>
    public byte[]? Pin { get; private set; }

    public string UserName { get; private set; } = "";
    public string Password { get; private set; } = "";

    /// <summary>Files of a Kerberos ticket: the credential cache, and the krb5.conf that names its realm.</summary>
    public (string Cache, string Config)? Ticket { get; private set; }

    public X509Certificate2? Certificate { get; private set; }

    /// <summary>The service that the target proves to be: `host` and its full name, as Windows registers them by itself.</summary>
    public required string Service { get; init; }

    /// <summary>Name of the session configuration, such as that of a JEA endpoint.</summary>
    public required string Configuration { get; init; }

    /// <summary>Longest time for the connection and TLS.</summary>
    public required TimeSpan Connect { get; init; }

    /// <summary>After how long the target answers a request for output although there is none.</summary>
    public required TimeSpan Operation { get; init; }

    /// <summary>After how long without a request the target ends the shell.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>Largest envelope either way in bytes; 512,000 since Windows Server 2012, 153,600 before.</summary>
    public required int MaxEnvelope { get; init; }

    /// <summary>Whether the sign-in is one of tokens, which can be tied to a connection and can seal.</summary>
    public bool Integrated => Auth is WinRmAuth.Kerberos or WinRmAuth.Negotiate or WinRmAuth.Ntlm;

    public Uri Address => new UriBuilder("http", Host, Port, "/wsman").Uri;

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9.\-]{0,252}[A-Za-z0-9])?\z|\A[0-9A-Fa-f:.]{2,45}\z")]
    private static partial Regex HostName();

    [GeneratedRegex(@"\A[A-Za-z]{1,16}/[A-Za-z0-9][A-Za-z0-9.\-:]{0,253}\z")]
    private static partial Regex ServiceName();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}\z")]
    private static partial Regex ConfigurationName();

    [GeneratedRegex(@"\A[^\p{C}:/""]{1,256}\z")]
    private static partial Regex User();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Digest();

    /// <exception cref="ArgumentException">A value that has not the form of its kind.</exception>
    /// <exception cref="WinRmFailure">A sign-in that is not safe without TLS, a file that cannot be used.</exception>
    public static WinRmTarget From(JsonObject winrm, int connectTimeoutMs)
    {
        var host = (string)winrm["host"]!;
        var auth = (string?)winrm["auth"] switch
        {
            "kerberos" => WinRmAuth.Kerberos,
            "negotiate" => WinRmAuth.Negotiate,
            "ntlm" => WinRmAuth.Ntlm,
            "certificate" => WinRmAuth.Certificate,
            "basic" => WinRmAuth.Basic,
            _ => throw new ArgumentException("the sign-in is not known"),
        };
        var target = new WinRmTarget
        {
            Host = host,
            Port = Within(winrm["port"], 0, 1, 65_535, "port"),
            Tls = (bool)winrm["tls"]!,
            Auth = auth,
            Service = (string?)winrm["spn"] ?? $"host/{host}",
            Configuration = (string?)winrm["configurationName"] ?? "Microsoft.PowerShell",
            Connect = TimeSpan.FromMilliseconds(connectTimeoutMs),
            Operation = TimeSpan.FromMilliseconds(Within(winrm["operationTimeoutMs"], 60_000, 1000, 600_000, "operation timeout")),
            Idle = TimeSpan.FromMilliseconds(Within(winrm["idleTimeoutMs"], 900_000, 60_000, 43_200_000, "idle timeout")),
            MaxEnvelope = Within(winrm["maxEnvelope"], 512_000, 102_400, 4_194_304, "size of an envelope"),
        };
        if (!HostName().IsMatch(host) || Uri.CheckHostName(host) is UriHostNameType.Unknown) throw new ArgumentException("the host is no host name or address");
        // One that was not given has no meaning where Kerberos is not spoken.
        if ((winrm["spn"] is not null || auth is WinRmAuth.Kerberos or WinRmAuth.Negotiate) && !ServiceName().IsMatch(target.Service)) throw new ArgumentException("the SPN is no name of a service");
        if (!ConfigurationName().IsMatch(target.Configuration)) throw new ArgumentException("the session configuration has no plain name");
        if (!target.Tls && auth is WinRmAuth.Basic or WinRmAuth.Certificate)
            throw new WinRmFailure(WinRmFailure.Insecure, $"{(string)winrm["auth"]!} is a sign-in for TLS alone: nothing was sent");
        if (target.Tls) target.TakeTrust(winrm["trust"]?.AsObject() ?? throw new ArgumentException("TLS needs an authority or a fingerprint to trust"));
        target.TakeCredential(winrm["credential"]?.AsObject() ?? throw new ArgumentException("there is no credential"));
        return target;
    }

    private void TakeTrust(JsonObject trust)
    {
        if ((string?)trust["sha256"] is { } pin) Pin = Digest().IsMatch(pin) ? Convert.FromHexString(pin) : throw new ArgumentException("the fingerprint is no SHA-256");
        else Authorities = Loaded(WinRmFailure.Certificate, () =>
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(PathIn(trust, "caFile"));
            return found.Count > 0 ? found : throw new CryptographicException("the file of the authority has no certificate");
        });
    }

    private void TakeCredential(JsonObject credential)
    {
        if (Auth is WinRmAuth.Certificate)
        {
            // Its key may not leave memory: SslStream takes it as it is on Linux.
            Certificate = Loaded(WinRmFailure.Credential, () => X509Certificate2.CreateFromPemFile(PathIn(credential, "certificateFile"), PathIn(credential, "keyFile")));
        }
        else if (credential["cache"] is not null && Auth is WinRmAuth.Kerberos or WinRmAuth.Negotiate)
        {
            Ticket = (PathIn(credential, "cache"), PathIn(credential, "config"));
            if (!File.Exists(Ticket.Value.Cache)) throw new WinRmFailure(WinRmFailure.Credential, "there is no Kerberos ticket");
        }
        else
        {
            if (Auth is WinRmAuth.Kerberos) throw new ArgumentException("Kerberos needs a ticket");
            (UserName, Password) = ((string?)credential["userName"] ?? "", (string?)credential["password"] ?? "");
            if (!User().IsMatch(UserName)) throw new ArgumentException("the user is no user name");
            if (Password.Length is 0 or > 1024 || Password.Contains('\0')) throw new ArgumentException("the password is empty, too long, or has a NUL");
        }
    }

    private static T Loaded<T>(string code, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new WinRmFailure(code, error.Message);
        }
    }

    private static string PathIn(JsonObject from, string name) =>
        (string?)from[name] is { } path && System.IO.Path.IsPathFullyQualified(path) && !path.Contains('\0') ? path : throw new ArgumentException($"{name} is no absolute path");

    private static int Within(JsonNode? value, int otherwise, int least, int most, string what) =>
        ((int?)value ?? otherwise) is var number && number >= least && number <= most ? number : throw new ArgumentException($"the {what} is out of range");
}
