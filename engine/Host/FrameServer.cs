using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fixpoint.Engine.Gate;

namespace Fixpoint.Engine;

/// <summary>Takes frames one by one and answers each; what may take time runs on a task of its own.</summary>
public sealed class FrameServer(FrameChannel channel)
{
    /// <summary>How long the end of this process waits for what ends at targets.</summary>
    private const int LeaveMs = 2000;

    private readonly ConcurrentDictionary<string, PhaseSession> sessions = new();

    /// <summary>Serves until the channel ends.</summary>
    public void Run()
    {
        while (channel.Receive() is { } frame)
        {
            var kind = (string?)frame["t"];
            switch (kind)
            {
                case "open":
                    Start(frame, Open);
                    break;
                case "run":
                    Start(frame, RunPhase);
                    break;
                case "stop":
                    if (Find(frame) is { } stopping) stopping.Stop();
                    break;
                case "kill":
                    if (Find(frame) is { } killing) killing.Kill();
                    break;
                case "close":
                    Start(frame, Close);
                    break;
                case "check":
                    Start(frame, Check);
                    break;
                case "lists":
                    Start(frame, GateLists.Describe);
                    break;
                case "ping":
                    channel.Send(new JsonObject { ["t"] = "pong", ["id"] = (string?)frame["id"] });
                    break;
            }
        }
        foreach (var session in sessions.Values) session.Kill();
        // A shell that nobody deletes counts against its account until it is idle for long enough. Whoever started this process waits 3 s.
        Task.WaitAll([.. sessions.Values.Select(session => session.Left)], LeaveMs);
    }

    private PhaseSession? Find(JsonObject frame) =>
        sessions.TryGetValue((string?)frame["session"] ?? "", out var session) ? session : null;

    private void Start(JsonObject frame, Func<JsonObject, JsonObject> work)
    {
        _ = Task.Factory.StartNew(() =>
        {
            JsonObject answer;
            try
            {
                answer = work(frame);
            }
            catch (Exception error)
            {
                answer = Failure("host-unavailable", $"{error.GetType().Name}: {error.Message}");
            }
            answer["t"] = "answer";
            answer["id"] = (string?)frame["id"];
            channel.Send(answer);
        }, TaskCreationOptions.LongRunning);
    }

    private JsonObject Open(JsonObject frame)
    {
        var id = (string)frame["session"]!;
        var opened = SessionOpener.Open(frame);
        if (opened.Failure is { } failure) return new JsonObject { ["ok"] = false, ["failure"] = failure };
        sessions[id] = opened.Session!;
        return new JsonObject { ["ok"] = true, ["remote"] = opened.Session!.Describe() };
    }

    private JsonObject RunPhase(JsonObject frame)
    {
        var id = (string?)frame["id"];
        if (Find(frame) is not { } session) return Failure("link-lost", "the session is closed");
        return session.Run(frame, record =>
        {
            record["t"] = "record";
            record["id"] = id;
            channel.Send(record);
        });
    }

    private JsonObject Close(JsonObject frame)
    {
        if (sessions.TryRemove((string?)frame["session"] ?? "", out var session)) session.Close();
        return new JsonObject { ["ok"] = true };
    }

    private static JsonObject Check(JsonObject frame)
    {
        var files = new JsonArray();
        foreach (var script in frame["scripts"]!.AsArray())
        {
            files.Add(ScriptGate.Check(
                (string)script!["file"]!,
                (string)script["text"]!,
                (string)script["role"]!,
                [.. script["functions"]!.AsArray().Select(name => (string)name!)],
                (bool)script["mayRunOn51"]!).ToJson());
        }
        return new JsonObject { ["ok"] = true, ["files"] = files };
    }

    internal static JsonObject Failure(string kind, string detail) =>
        new() { ["ok"] = false, ["failure"] = new JsonObject { ["kind"] = kind, ["detail"] = detail } };
}
