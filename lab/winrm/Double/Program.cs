using System.Net;
using System.Security.Cryptography.X509Certificates;
using Fixpoint.Lab.WinRm;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

// A DOUBLE of the WinRM service, not WinRM: only its SOAP is ours; the PSRP server behind each shell, Kerberos, NTLM and TLS are real.
var settings = Settings.From(args[0]);
using var certificate = settings.Certificate is null ? null : X509Certificate2.CreateFromPemFile(settings.Certificate, settings.Key);
var service = new Service(settings, certificate);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseKestrelHttpsConfiguration();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = 8 << 20;
    var address = IPAddress.Parse(settings.Address);
    if (settings.HttpPort > 0) kestrel.Listen(address, settings.HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
    if (settings.TlsPort > 0) kestrel.Listen(address, settings.TlsPort, listen =>
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            // Which one is taken is judged with the sign-in.
            https.ClientCertificateValidation = (_, _, _) => true;
        });
    });
});
var app = builder.Build();
app.Lifetime.ApplicationStopping.Register(service.Close);
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("listening"));
app.Run(service.Handle);
await app.RunAsync();
