using System.Net;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Principal;

namespace Fixpoint.Engine;

/// <summary>
/// A sign-in by Kerberos, NTLM or what both sides agree on (`negotiate`), for one connection. It seals, it proves the target where the
/// scheme can, it hands nothing on, and it never falls from one scheme to another.
/// </summary>
internal sealed class WinRmSignIn : IDisposable
{
    /// <summary>More than any scheme needs.</summary>
    public const int MostLegs = 6;

    /// <summary>Where libkrb5 looks by default.</summary>
    private const string DefaultConfig = "/etc/krb5.conf";

    /// <summary>The native libraries take the ticket from the thread and the configuration from the process: one step at a time.</summary>
    private static readonly Lock Native = new();

    private readonly NegotiateAuthentication negotiation;
    private readonly WinRmTarget target;

    // Ours is in .NET itself: a worker needs no package for NTLM.
    static WinRmSignIn() => AppContext.SetSwitch("System.Net.Security.UseManagedNtlm", true);

    public WinRmSignIn(WinRmTarget target, ChannelBinding? binding)
    {
        this.target = target;
        var options = new NegotiateAuthenticationClientOptions
        {
            // With a password what both sides agree on is NTLM: .NET's own would ask a KDC first, and not come back from there.
            Package = target.Auth is WinRmAuth.Kerberos ? "Kerberos" : target.Ticket is null ? "NTLM" : "Negotiate",
            TargetName = target.Service,
            Credential = target.Ticket is null ? Credential(target) : CredentialCache.DefaultNetworkCredentials,
            RequiredProtectionLevel = ProtectionLevel.EncryptAndSign,
            RequireMutualAuthentication = target.Auth is WinRmAuth.Kerberos,
            AllowedImpersonationLevel = TokenImpersonationLevel.Identification,
            Binding = binding,
        };
        negotiation = WithTicket(() => new NegotiateAuthentication(options));
    }

    /// <summary>Word of the header `Authorization`.</summary>
    public string Scheme => target.Auth is WinRmAuth.Kerberos ? "Kerberos" : "Negotiate";

    /// <summary>The next token of ours, base64; null where nothing more is to be sent.</summary>
    /// <exception cref="WinRmFailure">`sign-in-refused`.</exception>
    public string? Step(string? theirs)
    {
        var status = NegotiateAuthenticationStatusCode.GenericFailure;
        var token = WithTicket(() => negotiation.GetOutgoingBlob(theirs, out status));
        return status is NegotiateAuthenticationStatusCode.Completed or NegotiateAuthenticationStatusCode.ContinueNeeded
            ? token
            : throw new WinRmFailure(WinRmFailure.SignIn, $"{target.Auth} for {target.Service} did not succeed: {status}");
    }

    /// <summary>Whether nothing more is expected of the target.</summary>
    public bool IsComplete => negotiation.IsAuthenticated;

    /// <exception cref="WinRmFailure">The sign-in is not what was asked for.</exception>
    public void Require(bool isSealed)
    {
        if (!negotiation.IsAuthenticated) throw new WinRmFailure(WinRmFailure.SignIn, "the sign-in did not come to its end");
        if (target.Auth is WinRmAuth.Kerberos && !negotiation.IsMutuallyAuthenticated) throw new WinRmFailure(WinRmFailure.SignIn, "the target did not prove who it is");
        if (isSealed && !negotiation.IsEncrypted) throw new WinRmFailure(WinRmFailure.Insecure, "the sign-in does not seal messages");
    }

    public byte[] Encode(byte[] plain) => Seal.Encode(negotiation, Scheme, plain);

    public byte[] Decode(byte[] body) => Seal.Decode(negotiation, body);

    public void Dispose() => negotiation.Dispose();

    /// <summary>`DOMAIN\user`, `user@domain`, or the name of an account of the target.</summary>
    private static NetworkCredential Credential(WinRmTarget target) =>
        target.UserName.Split('\\', 2) is [var domain, var user] ? new(user, target.Password, domain) : new(target.UserName, target.Password);

    private T WithTicket<T>(Func<T> step)
    {
        if (target.Ticket is not { } ticket) return step();
        lock (Native)
        {
            _ = setenv("KRB5_CONFIG", ticket.Config, 1);
            _ = gss_krb5_ccache_name(out _, $"FILE:{ticket.Cache}", IntPtr.Zero);
            try
            {
                return step();
            }
            finally
            {
                _ = gss_krb5_ccache_name(out _, null, IntPtr.Zero);
                _ = setenv("KRB5_CONFIG", Environment.GetEnvironmentVariable("KRB5_CONFIG") ?? DefaultConfig, 1);
            }
        }
    }

    [DllImport("libgssapi_krb5.so.2")]
    private static extern uint gss_krb5_ccache_name(out uint minor, [MarshalAs(UnmanagedType.LPUTF8Str)] string? name, IntPtr before);

    /// <summary>The environment that native libraries read; .NET has a copy of its own.</summary>
    [DllImport("libc")]
    private static extern int setenv([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
