using System.Net;
using System.Net.Sockets;

namespace Fixpoint.Engine;

/// <summary>Connects to the first address of a name that answers: one that is registered and never answers holds up no other (RFC 8305).</summary>
internal static class FirstAddress
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(250);

    /// <exception cref="SocketException">Why the first of them did not, where none answers.</exception>
    public static async Task<Socket> Connect(string host, int port, CancellationToken cancel)
    {
        var waiting = new Queue<IPAddress>(await Dns.GetHostAddressesAsync(host, cancel));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var tries = new List<Task<Socket>>();
        SocketException? first = null;
        try
        {
            while (waiting.Count + tries.Count > 0)
            {
                if (waiting.TryDequeue(out var address)) tries.Add(Try(address, port, over.Token));
                var pause = Task.Delay(waiting.Count > 0 ? BetweenTries : Timeout.InfiniteTimeSpan, over.Token);
                if (await Task.WhenAny([.. tries, pause]) is not Task<Socket> done)
                {
                    await pause;
                    continue;
                }
                tries.Remove(done);
                try
                {
                    return await done;
                }
                catch (SocketException error)
                {
                    first ??= error;
                }
            }
            throw first ?? new SocketException((int)SocketError.HostNotFound);
        }
        finally
        {
            await over.CancelAsync();
            // One that came just as late.
            foreach (var late in tries) _ = late.ContinueWith(one => one.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }

    private static async Task<Socket> Try(IPAddress address, int port, CancellationToken cancel)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
