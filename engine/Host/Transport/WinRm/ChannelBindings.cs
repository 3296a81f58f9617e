using System.Formats.Asn1;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fixpoint.Engine;

/// <summary>What ties a sign-in to the TLS below it: the hash of the server's certificate (RFC 5929, tls-server-end-point).</summary>
internal static class ChannelBindings
{
    /// <summary>RSASSA-PSS: the hash is a parameter of the signature, and .NET refuses to make the binding.</summary>
    private const string Pss = "1.2.840.113549.1.1.10";

    public static ChannelBinding? Of(SslStream tls) =>
        tls.RemoteCertificate is X509Certificate2 leaf && leaf.SignatureAlgorithm.Value == Pss
            ? new EndpointBinding(CryptographicOperations.HashData(HashOf(leaf.RawData), leaf.RawData))
            : tls.TransportContext.GetChannelBinding(ChannelBindingKind.Endpoint);

    /// <summary>The hash of the signature; SHA-256 where that is older.</summary>
    private static HashAlgorithmName HashOf(byte[] certificate)
    {
        var whole = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
        whole.ReadEncodedValue();
        var algorithm = whole.ReadSequence();
        algorithm.ReadObjectIdentifier();
        var parameters = algorithm.ReadSequence();
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0);
        if (!parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(tag)) return HashAlgorithmName.SHA256;
        return parameters.ReadSequence(tag).ReadSequence().ReadObjectIdentifier() switch
        {
            "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
            "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
    }

    /// <summary>In the form that .NET hands to GSSAPI and to its own NTLM: SEC_CHANNEL_BINDINGS, then the data.</summary>
    private sealed class EndpointBinding : ChannelBinding
    {
        private const int Head = 32, LengthAt = 24, OffsetAt = 28;
        private readonly int size;

        public EndpointBinding(byte[] hash) : base(ownsHandle: true)
        {
            byte[] data = [.. "tls-server-end-point:"u8, .. hash];
            size = Head + data.Length;
            SetHandle(Marshal.AllocHGlobal(size));
            Marshal.Copy(new byte[Head], 0, handle, Head);
            Marshal.WriteInt32(handle, LengthAt, data.Length);
            Marshal.WriteInt32(handle, OffsetAt, Head);
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
