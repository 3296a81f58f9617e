using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>
/// The engine host: connects to the private socket its starter listens on, proves that it is the one that was started, and serves
/// frames until the socket closes. Started by one constant line; nothing of a job ever comes by arguments or standard input.
/// </summary>
public static class HostServer
{
    /// <summary>Serves the socket named by FIXPOINT_HOST_SOCKET; ends the process when the socket closes.</summary>
    public static void Serve()
    {
        var path = Environment.GetEnvironmentVariable("FIXPOINT_HOST_SOCKET");
        var nonce = Environment.GetEnvironmentVariable("FIXPOINT_HOST_NONCE");
        if (string.IsNullOrEmpty(path) || string.IsNullOrEmpty(nonce))
            throw new InvalidOperationException("FIXPOINT_HOST_SOCKET and FIXPOINT_HOST_NONCE must name the socket to serve.");
        // What a phase starts must not inherit them.
        Environment.SetEnvironmentVariable("FIXPOINT_HOST_SOCKET", null);
        Environment.SetEnvironmentVariable("FIXPOINT_HOST_NONCE", null);
        // The engine and native libraries may print: frames never share their streams.
        Console.SetOut(Console.Error);
        // PowerShell finds types of loaded assemblies only.
        System.Reflection.Assembly.Load("System.DirectoryServices.Protocols");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        var channel = new FrameChannel(new NetworkStream(socket, ownsSocket: true));
        channel.Send(new JsonObject
        {
            ["t"] = "hello",
            ["nonce"] = nonce,
            ["pid"] = Environment.ProcessId,
            ["psVersion"] = EngineFacts.Version,
            ["engineDigest"] = EngineFacts.Digest,
        });
        var server = new FrameServer(channel);
        // On a thread of its own: the calling runspace must not be the default one of what runs here.
        var thread = new Thread(() =>
        {
            try
            {
                server.Run();
            }
            finally
            {
                SshMasters.CloseAll();
                Environment.Exit(0);
            }
        }) { IsBackground = false, Name = "fixpoint-host" };
        thread.Start();
    }
}
