using System.Text.Json.Nodes;

namespace Fixpoint.Engine.Gate;

/// <summary>What the gate found in one file.</summary>
public sealed class GateReport(string file)
{
    private readonly JsonArray findings = [];
    private readonly JsonArray thrown = [];
    private readonly SortedSet<string> functions = new(StringComparer.Ordinal);
    private readonly SortedSet<string> commands = new(StringComparer.Ordinal);

    public void Add(int line, int column, string rule, string severity, string message) =>
        findings.Add(new JsonObject
        {
            ["file"] = file,
            ["line"] = line,
            ["column"] = column,
            ["rule"] = rule,
            ["severity"] = severity,
            ["message"] = message,
        });

    public void Defines(string function) => functions.Add(function);

    /// <summary>Notes a command of the lists that the script calls.</summary>
    /// <param name="command">As the lists write it.</param>
    public void Calls(string command) => commands.Add(command);

    /// <summary>Notes a text that the script throws, which may be a stable code: which codes there are is not known here.</summary>
    public void Throws(int line, string text) => thrown.Add(new JsonObject { ["line"] = line, ["text"] = text });

    public JsonObject ToJson() => new()
    {
        ["file"] = file,
        ["findings"] = findings,
        ["functions"] = new JsonArray([.. functions.Select(name => JsonValue.Create(name))]),
        ["commands"] = new JsonArray([.. commands.Select(Lists.Described)]),
        ["thrown"] = thrown,
    };
}
