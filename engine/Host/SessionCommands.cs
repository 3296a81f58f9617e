using System.Management.Automation.Language;
using System.Text.Json.Nodes;
using Fixpoint.Engine.Gate;

namespace Fixpoint.Engine;

/// <summary>What the engine itself calls in a session on a target. The parser finds it in the texts of `Bootstrap`, so that nobody writes a list of it.</summary>
internal static class SessionCommands
{
    public static JsonArray Describe() =>
        new([.. Bootstrap.Texts.SelectMany(Names).Order(StringComparer.Ordinal).Distinct().Select(Lists.Described)]);

    private static IEnumerable<string> Names(string text)
    {
        var script = Parser.ParseInput(text, out _, out _);
        var own = script.FindAll(node => node is FunctionDefinitionAst, true).Cast<FunctionDefinitionAst>().Select(function => function.Name).ToHashSet();
        return script.FindAll(node => node is CommandAst, true).Cast<CommandAst>().Select(NameOf).OfType<string>().Where(name => !own.Contains(name));
    }

    /// <summary>The name as it is written, or the file of a program that is called by its path. Null for a block of script.</summary>
    private static string? NameOf(CommandAst command) =>
        command.GetCommandName() ?? (command.CommandElements[0] is ExpandableStringExpressionAst { Value: var path } ? path[(path.LastIndexOf('\\') + 1)..] : null);
}
