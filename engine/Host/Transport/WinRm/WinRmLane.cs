using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication.ExtendedProtection;
using System.Text;

namespace Fixpoint.Engine;

/// <summary>
/// One connection with one sign-in, for one request at a time. It ends with its connection, so nothing that was made for one reaches
/// another, and no request is ever sent again but for the one that a server answered with 401.
/// </summary>
internal sealed class WinRmLane : IDisposable
{
    /// <summary>Largest answer in bytes; one is at most as large as the envelope that was agreed on, which is far smaller.</summary>
    private const int MostBytes = 8 * 1024 * 1024;

    private const string Soap = "application/soap+xml;charset=UTF-8", Mutual = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

    /// <summary>What the way to a target that has its own time limit may add to it.</summary>
    private static readonly TimeSpan Beyond = TimeSpan.FromSeconds(30);

    private readonly WinRmTarget target;
    private readonly ChannelBinding? binding;
    private readonly HttpClient http;
    private WinRmSignIn? signIn;

    private WinRmLane(WinRmTarget target, Stream stream, ChannelBinding? binding)
    {
        (this.target, this.binding) = (target, binding);
        Stream? unused = stream;
        http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1, UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PreAuthenticate = false, MaxResponseHeadersLength = 64,
            AutomaticDecompression = DecompressionMethods.None, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan, PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            // The one that is there, once: its TLS is ours, and a second one would not be signed in.
            ConnectCallback = (_, _) => Interlocked.Exchange(ref unused, null) is { } only ? ValueTask.FromResult(only) : throw new IOException("the connection has ended"),
        }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>When the last request was answered, in ms since the machine started: no change of a clock moves it.</summary>
    public long Used { get; private set; } = Environment.TickCount64;

    private bool Seals => target.Integrated && !target.Tls;

    /// <exception cref="WinRmFailure">Why there is no connection, or no sign-in.</exception>
    public static async Task<WinRmLane> Open(WinRmTarget target, CancellationToken cancel)
    {
        var (stream, binding) = await WinRmSocket.Connect(target, cancel);
        var lane = new WinRmLane(target, stream, binding);
        try
        {
            if (target.Integrated) await lane.SignIn(cancel);
            return lane;
        }
        catch
        {
            lane.Dispose();
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="WinRmFailure">The lane is of no use then.</exception>
    public async Task<Reply> Post(Envelope envelope, CancellationToken cancel)
    {
        var plain = envelope.ToBytes();
        for (var again = false; ; again = true)
        {
            try
            {
                // The server forgot who this is, so it carried out nothing.
                if (again) await SignIn(cancel);
                var (status, type, body, offered) = await Exchange(Seals ? signIn!.Encode(plain) : plain, Seals ? Seal.ContentType(signIn!.Scheme) : Soap, token: null, cancel);
                if (status is HttpStatusCode.Unauthorized)
                {
                    if (again || !target.Integrated) throw Refused(offered);
                    continue;
                }
                Used = Environment.TickCount64;
                return Reply.Parse(Opened(status, type, body), envelope.MessageId);
            }
            catch (WinRmFailure failure) when (again && failure is { Sent: false, Code: WinRmFailure.Unreachable })
            {
                // On HTTP nothing proves that the 401 was the server's: the request may have been carried out.
                throw WinRmFailure.Broken(sent: true, failure.Message);
            }
        }
    }

    private async Task SignIn(CancellationToken cancel)
    {
        signIn?.Dispose();
        signIn = new WinRmSignIn(target, binding);
        string? theirs = null;
        for (var leg = 0; leg < WinRmSignIn.MostLegs && signIn.Step(theirs) is { } token; leg++)
        {
            var (status, _, _, offered) = await Exchange([], Soap, token, cancel);
            theirs = offered.FirstOrDefault(one => one.Scheme.Equals(signIn.Scheme, StringComparison.OrdinalIgnoreCase))?.Parameter;
            if (status is HttpStatusCode.Unauthorized && theirs is null) throw Refused(offered);
            if (status is not (HttpStatusCode.OK or HttpStatusCode.Unauthorized)) throw OfStatus(status);
            if (theirs is null) break;
        }
        signIn.Require(isSealed: Seals);
    }

    private async Task<(HttpStatusCode Status, string Type, byte[] Body, HttpHeaderValueCollection<AuthenticationHeaderValue> Offered)> Exchange(byte[] bytes, string type, string? token, CancellationToken cancel)
    {
        var body = new OnceContent(bytes, type);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Address) { Content = body };
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"{signIn!.Scheme} {token}");
        if (target.Auth is WinRmAuth.Basic) request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{target.UserName}:{target.Password}")));
        if (target.Auth is WinRmAuth.Certificate) request.Headers.TryAddWithoutValidation("Authorization", Mutual);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(target.Operation + Beyond);
        // A token asks for nothing: without an answer nothing was carried out.
        bool Sent() => token is null && body.Started;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.Content.Headers.ContentLength is null && response.Headers.TransferEncodingChunked is not true)
                throw new WinRmFailure(WinRmFailure.Protocol, "the answer has no length", Sent());
            await response.Content.LoadIntoBufferAsync(MostBytes, limit.Token);
            return (response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsByteArrayAsync(limit.Token), response.Headers.WwwAuthenticate);
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new WinRmFailure(WinRmFailure.OutputLimit, $"an answer of more than {MostBytes} bytes", Sent());
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.InvalidResponse)
        {
            throw new WinRmFailure(WinRmFailure.Protocol, $"the answer is not HTTP: {error.InnerException?.Message ?? error.Message}", Sent());
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw WinRmFailure.Broken(Sent(), error.InnerException?.Message ?? error.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw WinRmFailure.Broken(Sent(), $"no answer within {(target.Operation + Beyond).TotalSeconds:0} s");
        }
    }

    /// <summary>The text of an answer, which on HTTP has to be sealed.</summary>
    private byte[] Opened(HttpStatusCode status, string type, byte[] body)
    {
        // HTTP 500 carries a fault. What other states say comes from before WinRM, and in clear.
        if (status is not (HttpStatusCode.OK or HttpStatusCode.InternalServerError)) throw OfStatus(status);
        if (body.Length == 0) throw status is HttpStatusCode.OK ? new WinRmFailure(WinRmFailure.Protocol, "the answer is empty", sent: true) : WinRmFailure.Broken(sent: true, "HTTP 500 without a word");
        if (!Seals) return body;
        if (!type.Equals("multipart/encrypted", StringComparison.OrdinalIgnoreCase)) throw new WinRmFailure(WinRmFailure.Insecure, "the target answered in clear", sent: true);
        return signIn!.Decode(body);
    }

    private static WinRmFailure OfStatus(HttpStatusCode status) => new(status switch
    {
        HttpStatusCode.Forbidden => WinRmFailure.Denied,
        HttpStatusCode.ServiceUnavailable => WinRmFailure.Quota,
        _ => WinRmFailure.Protocol,
    }, $"HTTP {(int)status}", sent: true);

    private static WinRmFailure Refused(HttpHeaderValueCollection<AuthenticationHeaderValue> offered) =>
        new(WinRmFailure.SignIn, $"HTTP 401; the target offers: {string.Join(", ", offered.Select(one => one.Scheme).Distinct().Take(8))}");

    public void Dispose()
    {
        http.Dispose();
        signIn?.Dispose();
        binding?.Dispose();
    }

    /// <summary>A body that knows whether any of it was sent, and is sent once.</summary>
    private sealed class OnceContent : HttpContent
    {
        private readonly byte[] bytes;

        public OnceContent(byte[] bytes, string type)
        {
            this.bytes = bytes;
            Headers.TryAddWithoutValidation("Content-Type", type);
        }

        public bool Started { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            if (Started) throw new IOException("a request is sent once");
            Started = true;
            return stream.WriteAsync(bytes).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
