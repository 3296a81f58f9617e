using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace Fixpoint.Engine.Gate;

/// <summary>Refuses syntax and automatic variables that Windows PowerShell 5.1 does not have.</summary>
internal static partial class DesktopSyntax
{
    /// <summary>Variables that PowerShell has set since 6.0 (about_Automatic_Variables, about_Preference_Variables).</summary>
    private static readonly HashSet<string> Variables = new(StringComparer.OrdinalIgnoreCase)
    {
        "IsWindows", "IsLinux", "IsMacOS", "IsCoreCLR", "PSStyle", "EnabledExperimentalFeatures", "PSNativeCommandUseErrorActionPreference",
        "PSNativeCommandArgumentPassing",
    };

    /// <summary>Members of $PSVersionTable since 6.0.</summary>
    private static readonly HashSet<string> VersionFacts = new(StringComparer.OrdinalIgnoreCase) { "OS", "Platform", "GitCommitId" };

    /// <summary>What only the tokens show: the tree has the value of a number and of a text, not how it was written.</summary>
    public static void Check(Token[] tokens, GateReport report)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            switch (tokens[i])
            {
                case NumberToken number when !FormerNumber().IsMatch(number.Text):
                    Refuse(report, number.Extent, $"the number {number.Text}");
                    break;
                case { Kind: TokenKind.StringExpandable or TokenKind.HereStringExpandable or TokenKind.Generic } text when NewerEscape(text.Text) is { } escape:
                    Refuse(report, text.Extent, $"the escape sequence {escape}");
                    break;
                case { Kind: TokenKind.Pipe } pipe when IsFirstOfItsLine(tokens, i):
                    Refuse(report, pipe.Extent, "a line that begins with |");
                    break;
            }
        }
    }

    /// <param name="guard">Variables are exempt in the parts that it covers; syntax never is.</param>
    public static void Visit(Ast node, EditionGuard guard, GateReport report)
    {
        if (Construct(node) is { } construct) Refuse(report, node.Extent, construct);
        else if (Variable(node) is { } variable && !guard.Covers(node))
            ScriptGate.Add(report, node.Extent, "newer-variable", $"Windows PowerShell 5.1, where this may run, does not have {variable}");
    }

    private static string? Construct(Ast node) => node switch
    {
        TernaryExpressionAst => "the ternary operator",
        PipelineChainAst chain => chain.Operator == TokenKind.AndAnd ? "&&" : "||",
        AssignmentStatementAst { Operator: TokenKind.QuestionQuestionEquals } => "??=",
        BinaryExpressionAst { Operator: TokenKind.QuestionQuestion } => "??",
        BinaryExpressionAst { Operator: TokenKind.DotDot } range when IsText(range.Left) || IsText(range.Right) => "a range of characters",
        MemberExpressionAst { NullConditional: true } => "?.",
        IndexExpressionAst { NullConditional: true } => "?[]",
        InvokeMemberExpressionAst { GenericTypeArguments.Count: > 0 } => "a call with type arguments",
        NamedBlockAst { BlockKind: TokenKind.Clean } => "a clean block",
        TypeExpressionAst { TypeName.FullName: var name } when name.Equals("ordered", StringComparison.OrdinalIgnoreCase) => "[ordered] anywhere but before @{",
        _ => null,
    };

    private static string? Variable(Ast node) => node switch
    {
        VariableExpressionAst { VariablePath.UserPath: var path } when Variables.Contains(path[(path.IndexOf(':') + 1)..]) => $"${path}",
        MemberExpressionAst { Expression: VariableExpressionAst { VariablePath.UserPath: var path }, Member: StringConstantExpressionAst { Value: var fact } }
            when path.Equals("PSVersionTable", StringComparison.OrdinalIgnoreCase) && VersionFacts.Contains(fact) => $"$PSVersionTable.{fact}",
        _ => null,
    };

    /// <summary>A text in a range of numbers is a number there; in one of characters 5.1 makes an error of it.</summary>
    private static bool IsText(ExpressionAst end) => end switch
    {
        StringConstantExpressionAst { Value: var text } => !int.TryParse(text, out _),
        ConvertExpressionAst { Type.TypeName.Name: var type } => type.Equals("char", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static string? NewerEscape(string text)
    {
        for (var i = text.IndexOf('`'); i >= 0 && i + 1 < text.Length; i = text.IndexOf('`', i + 2))
        {
            if (text[i + 1] == 'e') return "`e";
            if (text[i + 1] == 'u' && i + 2 < text.Length && text[i + 2] == '{') return "`u{}";
            if (i + 2 >= text.Length) break;
        }
        return null;
    }

    private static bool IsFirstOfItsLine(Token[] tokens, int at)
    {
        for (var i = at - 1; i >= 0; i--)
        {
            if (tokens[i].Kind == TokenKind.NewLine) return true;
            if (tokens[i].Kind != TokenKind.Comment) return false;
        }
        return false;
    }

    private static void Refuse(GateReport report, IScriptExtent at, string what) =>
        ScriptGate.Add(report, at, "newer-syntax", $"{what} is newer than Windows PowerShell 5.1, where this may run");

    [GeneratedRegex(@"\A[+-]?(0x[0-9a-f]+l?|([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?[ld]?)([kmgtp]b)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FormerNumber();
}
