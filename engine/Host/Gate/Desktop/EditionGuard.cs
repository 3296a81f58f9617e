using System.Management.Automation.Language;

namespace Fixpoint.Engine.Gate;

/// <summary>
/// The parts of a script that never run on Windows PowerShell, because an `if` asks for the edition: the branch for `Core`, and what stands
/// after a branch for the other edition that ends the function. The parser of 5.1 reads these parts too, so their syntax is not exempt.
/// </summary>
internal sealed class EditionGuard
{
    private readonly HashSet<Ast> guarded = [];

    public EditionGuard(ScriptBlockAst script)
    {
        foreach (var choice in script.FindAll(node => node is IfStatementAst, true).Cast<IfStatementAst>()) Visit(choice);
    }

    /// <summary>Whether the node runs on PowerShell 7 alone.</summary>
    public bool Covers(Ast node)
    {
        for (Ast? at = node; at is not null; at = at.Parent)
        {
            if (guarded.Contains(at)) return true;
        }
        return false;
    }

    private void Visit(IfStatementAst choice)
    {
        var isCore = false;
        foreach (var (condition, body) in choice.Clauses)
        {
            if (isCore || Implies(condition, "Core")) guarded.Add(body);
            // Whoever comes to the next branch has the other edition.
            isCore = isCore || Is(condition, "Desktop");
        }
        if (!isCore) return;
        if (choice.ElseClause is { } rest) guarded.Add(rest);
        // Only a first branch is come to by whoever has that edition.
        if (!Is(choice.Clauses[0].Item1, "Desktop") || !Leaves(choice.Clauses[0].Item2)) return;
        var statements = choice.Parent switch
        {
            NamedBlockAst block => block.Statements,
            StatementBlockAst block => block.Statements,
            _ => null,
        };
        foreach (var later in statements?.SkipWhile(statement => statement != choice).Skip(1) ?? []) guarded.Add(later);
    }

    private static bool Leaves(StatementBlockAst block) => block.Statements.LastOrDefault() is ThrowStatementAst or ReturnStatementAst;

    /// <summary>Whether the condition is only true on this edition.</summary>
    private static bool Implies(Ast? condition, string edition) => Bare(condition) switch
    {
        BinaryExpressionAst { Operator: TokenKind.And } both => Implies(both.Left, edition) || Implies(both.Right, edition),
        var bare => Is(bare, edition),
    };

    /// <summary>Whether the condition is true on this edition and false on the other one.</summary>
    private static bool Is(Ast? condition, string edition) => Bare(condition) switch
    {
        UnaryExpressionAst { TokenKind: TokenKind.Not or TokenKind.Exclaim } not => Is(not.Child, edition == "Core" ? "Desktop" : "Core"),
        InvokeMemberExpressionAst { Static: true, Expression: TypeExpressionAst { TypeName.FullName: var type }, Member: StringConstantExpressionAst { Value: var name }, Arguments: [var left, var right, ..] }
            when Same(name, "Equals") && (Same(type, "string") || Same(type, "System.String")) => AsksEdition(left) && Names(right, edition),
        BinaryExpressionAst { Operator: TokenKind.Ieq or TokenKind.Ceq } equal => AsksEdition(equal.Left) && Names(equal.Right, edition),
        BinaryExpressionAst { Operator: TokenKind.Ine or TokenKind.Cne } other => AsksEdition(other.Left) && Names(other.Right, edition == "Core" ? "Desktop" : "Core"),
        _ => false,
    };

    private static bool AsksEdition(Ast node) =>
        node is MemberExpressionAst { Static: false, Expression: VariableExpressionAst { VariablePath.UserPath: var table }, Member: StringConstantExpressionAst { Value: var key } } and not InvokeMemberExpressionAst
        && Same(table, "PSVersionTable") && Same(key, "PSEdition");

    private static bool Names(Ast node, string edition) => node is StringConstantExpressionAst { Value: var text } && text == edition;

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static Ast? Bare(Ast? node) => node switch
    {
        PipelineAst { PipelineElements: [CommandExpressionAst only] } => Bare(only.Expression),
        ParenExpressionAst paren => Bare(paren.Pipeline),
        _ => node,
    };
}
