using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fixpoint.Engine;

/// <summary>The connection below a lane: TCP, and TLS of our own above it, so that trust and channel binding are ours.</summary>
internal static class WinRmSocket
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <returns>The stream, and what ties a sign-in to its TLS; null without TLS.</returns>
    /// <exception cref="WinRmFailure">`unreachable`, or `certificate-not-trusted`.</exception>
    public static async Task<(Stream Stream, ChannelBinding? Binding)> Connect(WinRmTarget target, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(target.Connect);
        Socket? socket = null;
        var mistrust = "";
        try
        {
            socket = await FirstAddress.Connect(target.Host, target.Port, limit.Token);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (!target.Tls) return (stream, null);
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = target.Host,
                // Windows asks for a certificate of the client only after the request, which TLS 1.3 does not have.
                EnabledSslProtocols = target.Certificate is null ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.Tls12,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
                // A certificate names addresses from which the rest of its chain could be had: nobody who is not trusted yet has this side ask there.
                CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
                ClientCertificates = target.Certificate is { } own ? [own] : null,
                RemoteCertificateValidationCallback = (_, leaf, presented, errors) => (mistrust = Mistrust(target, leaf as X509Certificate2, presented, errors)).Length == 0,
            }, limit.Token);
            return (tls, target.Integrated ? ChannelBindings.Of(tls) : null);
        }
        catch (Exception error)
        {
            socket?.Dispose();
            if (error is not (SocketException or IOException or AuthenticationException or OperationCanceledException)) throw;
            if (mistrust.Length > 0) throw new WinRmFailure(WinRmFailure.Certificate, mistrust);
            if (error is AuthenticationException) throw new WinRmFailure(WinRmFailure.Protocol, $"TLS was not agreed on: {error.InnerException?.Message ?? error.Message}");
            cancel.ThrowIfCancellationRequested();
            throw WinRmFailure.Broken(sent: false, error is OperationCanceledException ? $"{target.Host}:{target.Port} did not answer within {target.Connect.TotalSeconds:0} s" : $"{target.Host}:{target.Port}: {error.Message}");
        }
    }

    /// <summary>Why a certificate is not that of the target; empty where it is. A pin replaces name and chain: it names the certificate itself.</summary>
    private static string Mistrust(WinRmTarget target, X509Certificate2? leaf, X509Chain? presented, SslPolicyErrors errors)
    {
        if (leaf is null) return "the target has no certificate";
        if (target.Pin is { } pin)
            return CryptographicOperations.FixedTimeEquals(pin, SHA256.HashData(leaf.RawData)) ? "" : $"the certificate has another fingerprint: {Convert.ToHexStringLower(SHA256.HashData(leaf.RawData))}";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return $"the certificate is not for {target.Host} (its subject: {leaf.Subject})";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(target.Authorities!);
        // A private authority seldom publishes a revocation list that a worker can reach.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>()) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return chain.Build(leaf) ? "" : $"the certificate of {leaf.Subject} is not trusted: {string.Join(", ", chain.ChainStatus.Select(status => status.Status))}";
    }
}
