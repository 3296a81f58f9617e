using System.Management.Automation.Language;

namespace Fixpoint.Engine.Gate;

/// <summary>
/// Which expressions of a script hold data of a job: `$Parameters`, `$State`, `$Change`, and variables that were assigned from them. It
/// follows assignments, `foreach` and pipelines within one function, not what commands return.
/// </summary>
internal sealed class DataVariables
{
    private static readonly HashSet<string> Given = new(StringComparer.OrdinalIgnoreCase) { "Parameters", "State", "Change" };

    /// <summary>Members that are numbers, whatever has them.</summary>
    private static readonly HashSet<string> Numbers = new(StringComparer.OrdinalIgnoreCase) { "Count", "Length", "IndexOf", "LastIndexOf", "CompareTo" };

    private static readonly HashSet<string> PlainTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        "int", "int32", "long", "int64", "uint32", "uint64", "double", "bool", "boolean", "switch", "char", "datetime", "timespan", "guid",
    };

    private readonly HashSet<(Ast? Function, string Name)> assigned = [];

    public DataVariables(ScriptBlockAst script)
    {
        var assignments = script.FindAll(node => node is AssignmentStatementAst or ForEachStatementAst, true).ToList();
        // A variable may be used, in a loop, above the line that assigns it.
        for (var before = -1; before != assigned.Count;)
        {
            before = assigned.Count;
            foreach (var node in assignments)
            {
                switch (node)
                {
                    case AssignmentStatementAst { Left: var left, Right: var right } when Holds(right):
                        Assign(left);
                        break;
                    case ForEachStatementAst { Variable: var item, Condition: var list } when Holds(list):
                        Assign(item);
                        break;
                }
            }
        }
    }

    private void Assign(Ast left)
    {
        switch (left)
        {
            case VariableExpressionAst variable:
                assigned.Add((FunctionOf(variable), variable.VariablePath.UserPath.ToLowerInvariant()));
                break;
            case ConvertExpressionAst convert when !IsPlain(convert):
                Assign(convert.Child);
                break;
        }
    }

    /// <summary>Whether the value may be a text of the job.</summary>
    public bool Holds(Ast? node) => node switch
    {
        VariableExpressionAst { VariablePath.UserPath: "_" or "PSItem" } item => FromPipeline(item),
        VariableExpressionAst variable =>
            Given.Contains(variable.VariablePath.UserPath) || assigned.Contains((FunctionOf(variable), variable.VariablePath.UserPath.ToLowerInvariant())),
        InvokeMemberExpressionAst { Static: true } => false,
        MemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } when Numbers.Contains(name) => false,
        MemberExpressionAst member => Holds(member.Expression),
        IndexExpressionAst index => Holds(index.Target),
        ConvertExpressionAst convert => !IsPlain(convert) && Holds(convert.Child),
        ParenExpressionAst paren => Holds(paren.Pipeline),
        ArrayExpressionAst array => array.SubExpression.Statements.Any(Holds),
        SubExpressionAst sub => sub.SubExpression.Statements.Any(Holds),
        ArrayLiteralAst list => list.Elements.Any(Holds),
        ExpandableStringExpressionAst text => text.NestedExpressions.Any(Holds),
        BinaryExpressionAst { Operator: TokenKind.Plus or TokenKind.Format } joined => Holds(joined.Left) || Holds(joined.Right),
        PipelineAst { PipelineElements: [CommandExpressionAst only] } => Holds(only.Expression),
        CommandExpressionAst expression => Holds(expression.Expression),
        _ => false,
    };

    private bool FromPipeline(VariableExpressionAst item)
    {
        for (Ast? node = item.Parent; node is not null; node = node.Parent)
        {
            if (node is CommandAst { Parent: PipelineAst { PipelineElements: [CommandExpressionAst head, ..] } }) return Holds(head.Expression);
        }
        return false;
    }

    private static bool IsPlain(ConvertExpressionAst convert) => PlainTypes.Contains(convert.Type.TypeName.Name);

    private static Ast? FunctionOf(Ast node)
    {
        for (Ast? parent = node.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is FunctionDefinitionAst) return parent;
        }
        return null;
    }
}
