using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Fixpoint.Lab.WinRm;

/// <summary>Who is at the other end of one connection: WinRM signs in connections, not requests.</summary>
internal sealed class Peer(Settings settings, X509Certificate2? certificate) : IDisposable
{
    private NegotiateAuthentication? negotiation;

    public bool IsIn { get; private set; }

    public string User { get; private set; } = "";

    public string Scheme { get; private set; } = "";

    public NegotiateAuthentication Keys => negotiation ?? throw new InvalidOperationException("nobody signed in with keys");

    /// <summary>The answer before the last one, as it was on the wire; hostile modes send it again.</summary>
    public byte[] Before { get; set; } = [];

    /// <summary>Takes a step of a sign-in. True where the request may go on; else the answer has been set.</summary>
    public async Task<bool> Admit(HttpContext context, int length)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var (scheme, value) = header.Split(' ', 2) is [var word, var rest] ? (word, rest) : (header, "");
        if (scheme is "Negotiate" or "Kerberos" && settings.Schemes.Contains(scheme)) return Step(context, scheme, value, length);
        if (scheme == "Basic" && context.Request.IsHttps && settings.Basic is { } basic)
            IsIn = Encoding.UTF8.GetString(Convert.FromBase64String(value)) == basic;
        else if (header.EndsWith("/https/mutual", StringComparison.Ordinal) && context.Request.IsHttps && settings.ClientCertificate is { } path)
        {
            using var wanted = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            IsIn = await context.Connection.GetClientCertificateAsync() is { } theirs && theirs.RawData.AsSpan().SequenceEqual(wanted.RawData);
        }
        if (!IsIn) Challenge(context);
        return IsIn;
    }

    /// <summary>Forgets who it is, as a service does that was started anew.</summary>
    public void SignOut(HttpContext context)
    {
        IsIn = false;
        negotiation?.Dispose();
        negotiation = null;
        Challenge(context);
    }

    private bool Step(HttpContext context, string scheme, string value, int length)
    {
        if (negotiation is null || IsIn || Scheme != scheme)
        {
            negotiation?.Dispose();
            (IsIn, Scheme) = (false, scheme);
            negotiation = new NegotiateAuthentication(new NegotiateAuthenticationServerOptions
            {
                Package = scheme,
                RequiredProtectionLevel = ProtectionLevel.EncryptAndSign,
                Binding = context.Request.IsHttps ? new EndpointBinding(certificate!) : null,
            });
        }
        var token = negotiation.GetOutgoingBlob(value, out var status);
        if (status is not (NegotiateAuthenticationStatusCode.Completed or NegotiateAuthenticationStatusCode.ContinueNeeded))
        {
            negotiation.Dispose();
            negotiation = null;
            Challenge(context);
            return false;
        }
        if (token is not null) context.Response.Headers.WWWAuthenticate = $"{scheme} {token}";
        IsIn = status is NegotiateAuthenticationStatusCode.Completed;
        context.Response.StatusCode = IsIn ? 200 : 401;
        context.Response.ContentLength = 0;
        if (IsIn) User = negotiation.RemoteIdentity.Name ?? "";
        return IsIn && length > 0;
    }

    private void Challenge(HttpContext context)
    {
        context.Response.StatusCode = 401;
        context.Response.ContentLength = 0;
        foreach (var scheme in settings.Schemes) context.Response.Headers.Append("WWW-Authenticate", scheme);
        if (context.Request.IsHttps && settings.Basic is not null) context.Response.Headers.Append("WWW-Authenticate", "Basic realm=\"WSMAN\"");
    }

    public void Dispose() => negotiation?.Dispose();

    /// <summary>The server's side of a channel binding (RFC 5929, tls-server-end-point), in the form that .NET hands to GSSAPI.</summary>
    private sealed class EndpointBinding : ChannelBinding
    {
        private const int Head = 32;
        private readonly int size;

        public EndpointBinding(X509Certificate2 certificate) : base(true)
        {
            byte[] data = [.. "tls-server-end-point:"u8, .. SHA256.HashData(certificate.RawData)];
            size = Head + data.Length;
            SetHandle(Marshal.AllocHGlobal(size));
            Marshal.Copy(new byte[Head], 0, handle, Head);
            Marshal.WriteInt32(handle, 24, data.Length);
            Marshal.WriteInt32(handle, 28, Head);
            Marshal.Copy(data, 0, handle + Head, data.Length);
        }

        public override int Size => size;

        protected override bool ReleaseHandle()
        {
            Marshal.FreeHGlobal(handle);
            return true;
        }
    }
}
