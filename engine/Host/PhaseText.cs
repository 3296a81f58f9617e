using System.Management.Automation.Language;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>A script by its text, checked against the digest that names it.</summary>
public sealed class PhaseText
{
    private readonly HashSet<string> parameters = new(StringComparer.OrdinalIgnoreCase);

    public string Text { get; private init; } = "";
    public string Sha256 { get; private init; } = "";
    public string? Problem { get; private init; }

    public static PhaseText From(JsonObject script)
    {
        var text = (string)script["text"]!;
        var expected = (string)script["sha256"]!;
        var actual = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        if (actual != expected) return new PhaseText { Problem = $"{(string?)script["name"]}: the text has another digest than it was sent with" };
        var phase = new PhaseText { Text = text, Sha256 = actual };
        var ast = Parser.ParseInput(text, out _, out _);
        foreach (var parameter in ast.ParamBlock?.Parameters ?? Enumerable.Empty<ParameterAst>()) phase.parameters.Add(parameter.Name.VariablePath.UserPath);
        return phase;
    }

    /// <summary>Whether the param block names it; only such values are bound beyond the phase's own.</summary>
    public bool Declares(string name) => parameters.Contains(name);
}
