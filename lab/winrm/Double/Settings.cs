using System.Text.Json;

namespace Fixpoint.Lab.WinRm;

/// <summary>What the double is started with: a JSON file that its only argument names.</summary>
/// <param name="Address">Address to listen on.</param>
/// <param name="HttpPort">Port without TLS; 0: none.</param>
/// <param name="TlsPort">Port with TLS; 0: none.</param>
/// <param name="Certificate">PEM of the certificate, with its key in `Key`.</param>
/// <param name="Schemes">Words of `WWW-Authenticate` that are offered and taken.</param>
/// <param name="Basic">`user:password` that Basic takes.</param>
/// <param name="ClientCertificate">PEM of the only certificate of a client that is taken.</param>
/// <param name="Server">The real PSRP server behind each shell: a program and its arguments.</param>
/// <param name="Log">File that gets a line of JSON for each request that was carried out.</param>
internal sealed record Settings(
    string Address,
    int HttpPort,
    int TlsPort,
    string? Certificate,
    string? Key,
    string[] Schemes,
    string? Basic,
    string? ClientCertificate,
    string[] Server,
    string Log)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    public static Settings From(string path) => JsonSerializer.Deserialize<Settings>(File.ReadAllText(path), Format)!;
}
