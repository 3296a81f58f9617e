using System.Management.Automation.Language;

namespace Fixpoint.Engine.Gate;

/// <summary>
/// The variables of a script that only ever hold one type, as in `$marshal = [Runtime.InteropServices.Marshal]`. One that is assigned
/// anything else, anywhere in the script, is none of them.
/// </summary>
internal sealed class TypeVariables
{
    private readonly Dictionary<string, ITypeName?> types = new(StringComparer.OrdinalIgnoreCase);

    public TypeVariables(ScriptBlockAst script)
    {
        foreach (var node in script.FindAll(_ => true, true))
        {
            switch (node)
            {
                case AssignmentStatementAst { Left: VariableExpressionAst variable, Right: CommandExpressionAst { Expression: TypeExpressionAst type } }:
                    Note(variable, type.TypeName);
                    break;
                case AssignmentStatementAst { Left: var left }:
                    foreach (var variable in left.FindAll(inner => inner is VariableExpressionAst, true).Cast<VariableExpressionAst>()) Note(variable, null);
                    break;
                case ForEachStatementAst { Variable: var item }:
                    Note(item, null);
                    break;
                case ParameterAst { Name: var parameter }:
                    Note(parameter, null);
                    break;
            }
        }
    }

    /// <summary>The type that stands before `::`; null where only the running script knows it.</summary>
    public ITypeName? Of(ExpressionAst expression) => expression switch
    {
        TypeExpressionAst type => type.TypeName,
        VariableExpressionAst variable => types.GetValueOrDefault(variable.VariablePath.UserPath),
        _ => null,
    };

    private void Note(VariableExpressionAst variable, ITypeName? type)
    {
        var name = variable.VariablePath.UserPath;
        if (!types.TryGetValue(name, out var former)) types[name] = type;
        else if (former?.FullName != type?.FullName) types[name] = null;
    }
}
