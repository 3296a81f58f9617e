using System.Management.Automation.Language;

namespace Fixpoint.Engine.Gate;

/// <summary>
/// Refuses, in a script that may run on Windows PowerShell 5.1, what it or .NET Framework 4.6.2 does not have. Members of objects are
/// judged by name and number of arguments alone: what an expression is an instance of is not known.
/// </summary>
internal sealed class DesktopRule(GateReport report, ScriptBlockAst script)
{
    private const string Where = ".NET Framework 4.6.2, on which Windows PowerShell 5.1 may run";

    private readonly EditionGuard guard = new(script);

    private readonly TypeVariables variables = new(script);

    public void Visit(Ast node)
    {
        DesktopSyntax.Visit(node, guard, report);
        switch (node)
        {
            case TypeExpressionAst type:
                VisitType(type.TypeName, type);
                break;
            case AttributeAst attribute:
                VisitAttribute(attribute);
                break;
            case TypeConstraintAst type:
                VisitType(type.TypeName, type);
                break;
            case ConvertExpressionAst { Child: StringConstantExpressionAst text } cast:
                VisitEnumValue(cast, text.Value);
                break;
            case MemberExpressionAst { Member: StringConstantExpressionAst { Value: var name } } member:
                if (member.Static) VisitStatic(member, name);
                else VisitInstance(member, name);
                break;
            case CommandAst command when command.GetCommandName() is { } name:
                DesktopArguments.Visit(command, name, this);
                break;
        }
    }

    /// <summary>Reports, unless the part never runs on Windows PowerShell.</summary>
    public void Refuse(Ast node, string rule, string message)
    {
        if (!guard.Covers(node)) ScriptGate.Add(report, node.Extent, rule, message);
    }

    private static string Plain(string name) => name.StartsWith("System.", StringComparison.OrdinalIgnoreCase) ? name[7..] : name;

    private static ITypeName Element(ITypeName type)
    {
        while (type is ArrayTypeName array) type = array.ElementType;
        return type;
    }

    private void VisitType(ITypeName type, Ast node)
    {
        var element = Element(type);
        if (!DesktopApi.Knows(Plain(element.FullName), out var found)) return;
        if (found is null) Refuse(node, "newer-api", $"[{element.FullName}] is not in {Where}");
        else if (!DesktopApi.IsLoaded(found))
            Refuse(node, "newer-api", $"[{element.FullName}] is in {found.Assembly}, which Windows PowerShell 5.1 does not load by itself");
    }

    private void VisitAttribute(AttributeAst attribute)
    {
        VisitType(attribute.TypeName, attribute);
        if (!DesktopApi.Knows(Plain(attribute.TypeName.FullName), out var found) || found is null) return;
        foreach (var argument in attribute.NamedArguments.Where(argument => !found.Named.Contains(argument.ArgumentName, StringComparer.OrdinalIgnoreCase)))
            Refuse(argument, "newer-api", $"[{attribute.TypeName.FullName}] takes no {argument.ArgumentName} in Windows PowerShell 5.1, where this may run");
    }

    private void VisitEnumValue(ConvertExpressionAst cast, string text)
    {
        if (!DesktopApi.Knows(Plain(cast.Type.TypeName.FullName), out var found) || found is not { Kind: "enum" }) return;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(name, out _) && !found.Statics.Keys.Any(known => known.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
                Refuse(cast, "newer-api", $"[{cast.Type.TypeName.FullName}] has no {name} in {Where}");
        }
    }

    private void VisitStatic(MemberExpressionAst member, string name)
    {
        if (variables.Of(member.Expression) is not { } type) return;
        // What can be made of an array type is the same everywhere.
        if (type.IsArray) return;
        if (!DesktopApi.Knows(Plain(type.FullName), out var found) || found is null) return;
        var call = member as InvokeMemberExpressionAst;
        var arguments = call?.Arguments?.Count ?? 0;
        if (name.Equals("new", StringComparison.OrdinalIgnoreCase) && !found.Statics.ContainsKey(name))
        {
            if (call is not null && found.Constructors?.Has(arguments) != true)
                Refuse(member, "newer-api", $"[{type.FullName}]::new takes {Number(arguments)} in no form that {Where}, has");
            return;
        }
        if (name.StartsWith("get_", StringComparison.OrdinalIgnoreCase) && found.Statics.ContainsKey(name[4..])) return;
        if (!found.Statics.TryGetValue(name, out var counts)) Refuse(member, "newer-api", $"[{type.FullName}]::{name} is not in {Where}");
        else if (call is not null && counts?.Has(arguments) == false)
            Refuse(member, "newer-api", $"[{type.FullName}]::{name} takes {Number(arguments)} in no form that {Where}, has");
    }

    private void VisitInstance(MemberExpressionAst member, string name)
    {
        if (member is not InvokeMemberExpressionAst call)
        {
            if (DesktopApi.IsNewValue(name)) Refuse(member, "newer-api", $"nothing in {Where}, has the property {name}");
            return;
        }
        var arguments = call.Arguments?.Count ?? 0;
        if (DesktopApi.IsNewMethod(name, arguments)) Refuse(member, "newer-api", $"nothing in {Where}, has a method {name} with {Number(arguments)}");
        if (name.Equals("Split", StringComparison.OrdinalIgnoreCase) && call.Arguments is [StringConstantExpressionAst { Value.Length: > 1 }, ..])
            Refuse(member, "newer-api", ".NET Framework splits at each character of this text, not at the whole: use -split, or an array of texts and 'None'");
    }

    private static string Number(int arguments) => arguments switch { 0 => "no argument", 1 => "one argument", _ => $"{arguments} arguments" };
}
