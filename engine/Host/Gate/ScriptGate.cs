using System.Management.Automation.Language;

namespace Fixpoint.Engine.Gate;

/// <summary>
/// Checks a script with PowerShell's own parser against closed lists. A lint for honest authors, not a boundary: what may run at all
/// is decided by admission of its digest.
/// </summary>
public static class ScriptGate
{
    /// <param name="role">detect, plan, apply, verify, rollback or module.</param>
    /// <param name="functions">Functions of the declared modules, which may be called.</param>
    /// <param name="mayRunOn51">Refuses what Windows PowerShell 5.1 and .NET Framework 4.6.2 do not have.</param>
    public static GateReport Check(string file, string text, string role, IReadOnlyCollection<string> functions, bool mayRunOn51)
    {
        var report = new GateReport(file);
        CheckCharacters(text, report);
        var ast = Parser.ParseInput(text, out var tokens, out var errors);
        foreach (var error in errors) Add(report, error.Extent, "syntax", error.Message);
        if (errors.Length > 0) return report;
        if (mayRunOn51) DesktopSyntax.Check(tokens, report);
        if (role == "module") CheckModule(ast, report);
        else CheckPhase(ast, tokens, role, report);
        var known = new HashSet<string>(functions, StringComparer.OrdinalIgnoreCase);
        foreach (var function in CheckFunctions(ast, role, functions, report)) known.Add(function);
        new ScriptWalk(report, role, known, mayRunOn51).Walk(ast);
        return report;
    }

    internal static void Add(GateReport report, IScriptExtent at, string rule, string message, string severity = "error") =>
        report.Add(at.StartLineNumber, at.StartColumnNumber, rule, severity, message);

    private static void CheckCharacters(string text, GateReport report)
    {
        var line = 1;
        foreach (var character in text)
        {
            if (character == '\n') line++;
            else if (character > 126 || (character < 32 && character is not ('\r' or '\t')))
            {
                report.Add(line, 1, "ascii", "error", "holds a character that is not ASCII: Windows PowerShell may read it as another");
                return;
            }
        }
    }

    /// <summary>
    /// The functions that the script defines where every call of them finds them: at its top, before anything else. One that is written
    /// anywhere else may not be there when its name is called, and then the name means something else.
    /// </summary>
    private static List<string> CheckFunctions(ScriptBlockAst ast, string role, IReadOnlyCollection<string> declared, GateReport report)
    {
        var top = (ast.EndBlock?.Statements ?? Enumerable.Empty<StatementAst>()).TakeWhile(statement => statement is FunctionDefinitionAst).ToHashSet();
        var commands = Lists.CommandsOf("module").Concat(declared).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var defined = new List<string>();
        foreach (var function in ast.FindAll(node => node is FunctionDefinitionAst, true).Cast<FunctionDefinitionAst>())
        {
            if (!top.Contains(function)) Add(report, function.Extent, "function-place", $"{function.Name} must be defined at the top of the script, before anything else");
            else if (commands.Contains(function.Name)) Add(report, function.Extent, "redefinition", $"{function.Name} has the name of a command that is there already");
            else if (!VerbNoun.IsMatch(function.Name)) Add(report, function.Extent, "function-name", $"{function.Name} must be named Verb-Noun");
            else defined.Add(function.Name);
        }
        return defined;
    }

    private static readonly System.Text.RegularExpressions.Regex VerbNoun = new(@"\A[A-Z][A-Za-z]+-[A-Z][A-Za-z]+\z");

    private static void CheckModule(ScriptBlockAst ast, GateReport report)
    {
        foreach (var statement in ast.EndBlock?.Statements ?? Enumerable.Empty<StatementAst>())
        {
            if (statement is FunctionDefinitionAst function) report.Defines(function.Name);
            else Add(report, statement.Extent, "module", "a module only defines functions");
        }
    }

    private static void CheckPhase(ScriptBlockAst ast, Token[] tokens, string role, GateReport report)
    {
        if (!tokens.Any(token => token.Kind == TokenKind.Comment && token.Text.Contains(".SYNOPSIS", StringComparison.Ordinal)))
            Add(report, ast.Extent, "help", "needs a comment with .SYNOPSIS");
        if (ast.ParamBlock is not { } block)
        {
            Add(report, ast.Extent, "parameters", "needs a param block");
            return;
        }
        if (!block.Attributes.Any(attribute => attribute.TypeName.Name.Equals("CmdletBinding", StringComparison.OrdinalIgnoreCase)))
            Add(report, block.Extent, "cmdlet-binding", "needs [CmdletBinding()]: without it a parameter of another name is silently ignored");
        if ((ast.BeginBlock ?? ast.ProcessBlock ?? ast.CleanBlock) is not null) Add(report, ast.Extent, "blocks", "a phase has no begin, process or clean block");
        var names = block.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath).ToList();
        var expected = Lists.Parameters[role];
        var optional = role == "plan" ? [] : new[] { "Credential", "Connection" };
        var fits = names.Take(expected.Length).SequenceEqual(expected) && names.Skip(expected.Length).All(optional.Contains);
        if (!fits)
            Add(report, block.Extent, "parameters", $"must take {string.Join(", ", expected.Select(name => "$" + name))}{(optional.Length > 0 ? " and, where it needs them, $Credential and $Connection" : "")}");
    }
}
