using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Fixpoint.Lab.WinRm;

/// <summary>What the double does with a request: sign in, open, carry out, seal.</summary>
internal sealed class Service(Settings settings, X509Certificate2? certificate)
{
    /// <summary>Numbers of faults as wsmerror.h has them.</summary>
    private const uint NotThere = 0x8033805B, OverQuota = 0x803381A5, Ran = 0x80338029, Aborted = 995, TooLarge = 0x803380DF;

    private readonly ConcurrentDictionary<string, (Shell Shell, Hostile? Hostile)> shells = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock logging = new();

    public async Task Handle(HttpContext context)
    {
        var items = context.Features.Get<IConnectionItemsFeature>()!.Items;
        if (!items.TryGetValue("peer", out var known)) items["peer"] = known = new Peer(settings, certificate);
        var peer = (Peer)known!;
        var received = new MemoryStream();
        await context.Request.Body.CopyToAsync(received);
        var body = received.ToArray();
        // A connection that is signed in sends no more of it.
        if ((!peer.IsIn || context.Request.Headers.Authorization.Count > 0) && !await peer.Admit(context, body.Length)) return;
        var isSealed = context.Request.ContentType?.StartsWith("multipart/encrypted", StringComparison.Ordinal) is true;
        if (!context.Request.IsHttps && !isSealed)
        {
            Log(context, peer, null, isSealed, "refused-in-clear");
            context.Response.StatusCode = 500;
            return;
        }
        var request = new Request(isSealed ? Sealed.Open(peer.Keys, body) : body);
        var hostile = shells.TryGetValue(request.Shell, out var shell) ? shell.Hostile : Hostile.For(request.Configuration);
        var mode = hostile?.Turn(request);
        if (await Hostile.Instead(mode, context, peer))
        {
            Log(context, peer, request, isSealed, mode!);
            return;
        }
        Log(context, peer, request, isSealed, mode ?? "");
        var answer = mode == "gone" ? Names.Fault(request, "w:InvalidSelectors", NotThere, "The shell was not found.")
            : body.Length > request.MaxEnvelope ? Names.Fault(request, "w:EncodingLimit", TooLarge, "The envelope is too large.")
            : await CarryOut(request, peer, hostile);
        var (bytes, type) = Hostile.Wire(mode, peer, Encoding.UTF8.GetBytes(Hostile.Spoil(mode, answer.Text)), isSealed);
        peer.Before = bytes;
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = type;
        await Hostile.Send(mode, context, bytes);
    }

    public void Close()
    {
        foreach (var (shell, _) in shells.Values) shell.Kill();
    }

    private async Task<Answer> CarryOut(Request request, Peer peer, Hostile? hostile)
    {
        if (request.Verb == "Create") return await Create(request, peer, hostile);
        if (!shells.TryGetValue(request.Shell, out var found)) return Names.Fault(request, "w:InvalidSelectors", NotThere, $"The shell {request.Shell} was not found.");
        var (shell, id) = (found.Shell, request.Command);
        try
        {
            switch (request.Verb)
            {
                case "Command":
                    await shell.Command(id);
                    await shell.Data(id, "Default", request.Text("Arguments"));
                    return Names.Ok(request, $"<rsp:CommandResponse><rsp:CommandId>{id.ToString().ToUpperInvariant()}</rsp:CommandId></rsp:CommandResponse>");
                case "Send":
                    var stream = (string?)request.Body!.Elements().First().Attribute("Name") == "pr" ? "PromptResponse" : "Default";
                    await shell.Data(id, stream, request.Text("Stream"));
                    return Names.Ok(request, "<rsp:SendResponse/>");
                case "Receive":
                    return await Receive(request, shell);
                case "Signal":
                    if (request.Text("Code").EndsWith("crtl_c", StringComparison.Ordinal)) await shell.Stop(id);
                    else await shell.Terminate(id);
                    return Names.Ok(request, "<rsp:SignalResponse/>");
                case "Delete":
                    shells.TryRemove(request.Shell, out _);
                    await shell.Delete();
                    return Names.Ok(request, "");
            }
        }
        catch (IOException)
        {
            return Names.Fault(request, "w:InternalError", Aborted, "The server has ended.");
        }
        return Names.Fault(request, "a:ActionNotSupported", 0x80338012, request.Action);
    }

    private async Task<Answer> Create(Request request, Peer peer, Hostile? hostile)
    {
        switch (request.Configuration)
        {
            case "Missing": return Names.Fault(request, "a:DestinationUnreachable", NotThere, "There is no session configuration of this name.");
            case "Denied": return Names.Fault(request, "w:AccessDenied", 5, "Access is denied.");
            case "Quota": return Names.Fault(request, "w:QuotaLimit", OverQuota, "This user has as many shells as are allowed.");
        }
        var id = (string)request.Body!.Attribute("ShellId")!;
        var shell = new Shell(settings, peer.User);
        shells[id] = (shell, hostile);
        await shell.Data(Guid.Empty, "Default", request.Text("creationXml"));
        return Names.Ok(request, $"<x:ResourceCreated><a:Address>http://double/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>{request.Resource}</w:ResourceURI><w:SelectorSet><w:Selector Name=\"ShellId\">{id}</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>"
            + $"<rsp:Shell><rsp:ShellId>{id}</rsp:ShellId><rsp:ResourceUri>{request.Resource}</rsp:ResourceUri><rsp:InputStreams>stdin pr</rsp:InputStreams><rsp:OutputStreams>stdout</rsp:OutputStreams></rsp:Shell>");
    }

    private static async Task<Answer> Receive(Request request, Shell shell)
    {
        var (data, done) = await shell.Of(request.Command).Take(request.Wait, request.MaxEnvelope - 16_384);
        if (data.Count == 0 && !done) return Names.Fault(request, "w:TimedOut", Ran, "The operation has run its time.");
        var of = request.Command == Guid.Empty ? "" : $" CommandId=\"{request.Command.ToString().ToUpperInvariant()}\"";
        var state = done ? $"<rsp:CommandState{of} State=\"{Names.R}/CommandState/Done\"/>" : "";
        return Names.Ok(request, $"<rsp:ReceiveResponse>{string.Concat(data.Select(piece => $"<rsp:Stream Name=\"stdout\"{of}>{piece}</rsp:Stream>"))}{state}</rsp:ReceiveResponse>");
    }

    /// <summary>What reached the double: the oracle of "nothing twice, nothing in clear".</summary>
    private void Log(HttpContext context, Peer peer, Request? request, bool isSealed, string mode)
    {
        var line = JsonSerializer.Serialize(new
        {
            connection = context.Connection.Id, verb = request?.Verb ?? "", messageId = request?.MessageId ?? "", command = request?.Command.ToString() ?? "",
            shell = request?.Shell ?? "", configuration = request?.Configuration ?? "", user = peer.User, isSealed, isTls = context.Request.IsHttps, mode,
        });
        lock (logging) File.AppendAllText(settings.Log, $"{line}\n");
    }
}
