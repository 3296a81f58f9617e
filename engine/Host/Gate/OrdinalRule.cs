using System.Management.Automation.Language;

namespace Fixpoint.Engine.Gate;

/// <summary>
/// Refuses comparisons of text that follow a culture: with ICU, as on most targets, texts that differ by a soft hyphen are equal to
/// them. Data of the job is compared with `[string]::Equals`, and a search in any text names its comparison.
/// </summary>
internal sealed class OrdinalRule(GateReport report, ScriptBlockAst script)
{
    private const string Rule = "ordinal";

    private static readonly HashSet<string> Searches = new(StringComparer.OrdinalIgnoreCase) { "StartsWith", "EndsWith", "CompareTo" };

    private static readonly HashSet<string> Positions = new(StringComparer.OrdinalIgnoreCase) { "IndexOf", "LastIndexOf" };

    private static readonly HashSet<string> Ordinal = new(StringComparer.OrdinalIgnoreCase) { "Ordinal", "OrdinalIgnoreCase" };

    private static readonly HashSet<string> Cultures = new(StringComparer.OrdinalIgnoreCase)
    {
        "CurrentCulture", "CurrentCultureIgnoreCase", "InvariantCulture", "InvariantCultureIgnoreCase",
    };

    private readonly DataVariables data = new(script);

    public void Visit(Ast node)
    {
        switch (node)
        {
            case BinaryExpressionAst binary when Lists.Comparisons.Contains(binary.Operator.ToString()):
                VisitComparison(binary);
                break;
            case SwitchStatementAst choice:
                VisitSwitch(choice);
                break;
            case InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } call:
                VisitCall(call, name);
                break;
        }
    }

    private void VisitComparison(BinaryExpressionAst binary)
    {
        // Whether something is there at all, and numbers, have no culture.
        if (IsPlain(binary.Left) || IsPlain(binary.Right)) return;
        if (data.Holds(binary.Left) || data.Holds(binary.Right))
            Refuse(binary, "compare names, ids and texts with [string]::Equals(a, b, 'Ordinal') or 'OrdinalIgnoreCase': this operator follows a culture");
    }

    private void VisitSwitch(SwitchStatementAst choice)
    {
        if (choice.Flags.HasFlag(SwitchFlags.Regex) || choice.Clauses.All(clause => IsPlain(clause.Item1) || clause.Item1 is ScriptBlockExpressionAst)) return;
        if (data.Holds(choice.Condition)) Refuse(choice.Condition, "compare with [string]::Equals and if: switch follows a culture");
    }

    private void VisitCall(InvokeMemberExpressionAst call, string name)
    {
        var arguments = call.Arguments ?? Enumerable.Empty<ExpressionAst>();
        if (arguments.Any(argument => Comparison(argument) is { } named && Cultures.Contains(named)))
        {
            Refuse(call, $"{name} follows a culture here: use 'Ordinal' or 'OrdinalIgnoreCase'");
            return;
        }
        if (!call.Static && Positions.Contains(name))
        {
            // A text in the second place is taken for a position, and fails.
            if (arguments.FirstOrDefault() is ConvertExpressionAst { Type.TypeName.Name: "char" }) return;
            if (!arguments.Any(argument => argument is MemberExpressionAst && Comparison(argument) is { } named && Ordinal.Contains(named)))
                Refuse(call, $"{name} follows a culture: give it [StringComparison]::Ordinal or OrdinalIgnoreCase, or search for a [char]");
            return;
        }
        var compares = call.Static ? name.Equals("Compare", StringComparison.OrdinalIgnoreCase) : Searches.Contains(name);
        if (!compares || arguments.Any(argument => Comparison(argument) is { } named && Ordinal.Contains(named))) return;
        if (arguments.FirstOrDefault() is ConvertExpressionAst { Type.TypeName.Name: "char" }) return;
        Refuse(call, $"{name} follows a culture unless it is given 'Ordinal' or 'OrdinalIgnoreCase'");
    }

    /// <summary>The comparison that an argument names, as text or as a member of [StringComparison].</summary>
    private static string? Comparison(ExpressionAst argument) => argument switch
    {
        StringConstantExpressionAst text => text.Value,
        MemberExpressionAst { Static: true, Expression: TypeExpressionAst { TypeName.Name: var type }, Member: StringConstantExpressionAst { Value: var name } }
            when type.EndsWith("StringComparison", StringComparison.OrdinalIgnoreCase) => name,
        _ => null,
    };

    private static bool IsPlain(Ast operand) => operand switch
    {
        VariableExpressionAst { VariablePath.UserPath: var name } => name.ToLowerInvariant() is "null" or "true" or "false",
        StringConstantExpressionAst => false,
        ConstantExpressionAst => true,
        UnaryExpressionAst { Child: ConstantExpressionAst and not StringConstantExpressionAst } => true,
        ConvertExpressionAst { Type.TypeName.Name: var type } => type.ToLowerInvariant() is "int" or "long" or "double" or "bool" or "int64" or "int32",
        MemberExpressionAst { Member: StringConstantExpressionAst { Value: "Count" or "Length" } } => true,
        ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst only] } } => IsPlain(only.Expression),
        _ => false,
    };

    private void Refuse(Ast node, string message) => ScriptGate.Add(report, node.Extent, Rule, message);
}
