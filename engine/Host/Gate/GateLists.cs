using System.Text.Json.Nodes;

namespace Fixpoint.Engine.Gate;

/// <summary>What the gate allows, for people who write runbooks: its own lists, in order. Beside them what the engine calls by itself.</summary>
internal static class GateLists
{
    private static readonly string[] Roles = ["detect", "plan", "apply", "verify", "rollback", "module"];

    /// <param name="_">The frame that asks; it says nothing further.</param>
    public static JsonObject Describe(JsonObject _)
    {
        var lists = new JsonObject();
        foreach (var role in Roles)
            lists[role] = new JsonObject { ["commands"] = Sorted(Lists.CommandsOf(role)), ["types"] = Sorted(Lists.TypesOf(role)) };
        return new JsonObject { ["ok"] = true, ["lists"] = lists, ["session"] = SessionCommands.Describe() };
    }

    private static JsonArray Sorted(IEnumerable<string> names) =>
        new([.. names.Order(StringComparer.OrdinalIgnoreCase).Select(name => JsonValue.Create(name))]);
}
