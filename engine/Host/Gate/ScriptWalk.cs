using System.Management.Automation.Language;

namespace Fixpoint.Engine.Gate;

/// <summary>Visits every node of a script and reports what the lists do not allow.</summary>
internal sealed class ScriptWalk(GateReport report, string role, HashSet<string> functions, bool mayRunOn51)
{
    private readonly HashSet<string> commands = Lists.CommandsOf(role);

    private readonly HashSet<string> types = Lists.TypesOf(role);

    public void Walk(ScriptBlockAst script)
    {
        if (script.ScriptRequirements is not null) Refuse(script, "requires", "#requires is not allowed: the manifest says what a runbook needs");
        var ordinal = new OrdinalRule(report, script);
        var desktop = mayRunOn51 ? new DesktopRule(report, script) : null;
        foreach (var node in script.FindAll(_ => true, true))
        {
            Visit(node);
            ordinal.Visit(node);
            desktop?.Visit(node);
        }
    }

    private void Visit(Ast node)
    {
        switch (node)
        {
            case CommandAst command:
                VisitCommand(command);
                break;
            case TypeExpressionAst type:
                VisitType(type.TypeName, type);
                break;
            case TypeConstraintAst type:
                VisitType(type.TypeName, type);
                break;
            case AttributeAst attribute:
                VisitType(attribute.TypeName, attribute);
                break;
            case MemberExpressionAst member:
                VisitMember(member);
                break;
            case UsingStatementAst:
                Refuse(node, "using", "using is not allowed: name the type in full");
                break;
            case TypeDefinitionAst:
                Refuse(node, "class", "classes are not allowed: they stay in the session");
                break;
            case ConfigurationDefinitionAst or DynamicKeywordStatementAst:
                Refuse(node, "keyword", "this keyword is not allowed");
                break;
            case FileRedirectionAst:
                Refuse(node, "redirection", "output is not redirected to a file");
                break;
            case PipelineAst { Background: true }:
                Refuse(node, "background", "nothing runs in the background");
                break;
            case ThrowStatementAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst { Expression: StringConstantExpressionAst thrown }] } }:
                report.Throws(thrown.Extent.StartLineNumber, thrown.Value);
                break;
            case VariableExpressionAst variable:
                VisitVariable(variable);
                break;
            case ScriptBlockExpressionAst { Parent: var parent } block when !TakesBlocks(parent):
                Refuse(block, "script-block", "a script block is only given to ForEach-Object and Where-Object");
                break;
            case ScriptBlockAst { DynamicParamBlock: not null }:
                Refuse(node, "dynamic-parameters", "dynamicparam is not allowed: it runs before the phase");
                break;
            case BinaryExpressionAst binary:
                VisitBinary(binary);
                break;
        }
    }

    private void VisitCommand(CommandAst command)
    {
        if (command.InvocationOperator is TokenKind.Ampersand or TokenKind.Dot)
        {
            Refuse(command, "call", "the operators & and . run what only the running script knows");
            return;
        }
        var name = command.GetCommandName();
        if (name is null)
        {
            Refuse(command, "call", "the name of a command must be written out");
            return;
        }
        if (!commands.Contains(name) && !functions.Contains(name))
        {
            Refuse(command, "command", $"{name} is not in the list of commands a {role} may call");
            return;
        }
        if (!functions.Contains(name) && commands.TryGetValue(name, out var listed)) report.Calls(listed);
        var pipes = name.Equals("ForEach-Object", StringComparison.OrdinalIgnoreCase) || name.Equals("Where-Object", StringComparison.OrdinalIgnoreCase);
        if (pipes && (command.CommandElements.Count != 2 || command.CommandElements[1] is not ScriptBlockExpressionAst))
            Refuse(command, "member-by-name", $"{name} takes one script block here, never a member by name");
        VisitParameters(command, name);
    }

    private void VisitParameters(CommandAst command, string name)
    {
        var given = command.CommandElements.OfType<CommandParameterAst>().ToList();
        bool Has(string parameter) => given.Any(element => element.ParameterName.Equals(parameter, StringComparison.OrdinalIgnoreCase));
        foreach (var element in given)
        {
            var path = element.ParameterName.Equals("Path", StringComparison.OrdinalIgnoreCase);
            if (path) Refuse(element, "literal-path", "use -LiteralPath: -Path expands wildcards");
        }
        if (functions.Contains(name))
        {
            if (Reading.Is(role) && !Reading.MayCallFunction(name))
                Refuse(command, "reading", $"{name} is not named as what reads: a {role} calls functions that begin with Get, Find, Test, Read and the like");
            return;
        }
        if (Lists.PathCommands.Contains(name) && !Has("LiteralPath") && !Has("Path"))
            Refuse(command, "literal-path", $"{name} needs -LiteralPath: a path without it expands wildcards");
        if (name.Equals("Get-Content", StringComparison.OrdinalIgnoreCase) && !Has("Encoding"))
            Refuse(command, "encoding", "Get-Content needs -Encoding: the default of Windows PowerShell is another than that of PowerShell 7");
        if (name.Equals("Select-Object", StringComparison.OrdinalIgnoreCase) && given.Find(element => element.ParameterName.StartsWith("U", StringComparison.OrdinalIgnoreCase)) is { } unique)
            Refuse(unique, "ordinal", "-Unique compares texts by a culture");
    }

    private void VisitType(ITypeName type, Ast node)
    {
        if (type is ArrayTypeName array && Allowed(array.ElementType.FullName)) return;
        if (Allowed(type.FullName)) return;
        Refuse(node, "type", $"[{type.FullName}] is not in the list of types a {role} may name");
    }

    private bool Allowed(string name)
    {
        return types.Contains(Plain(name));
    }

    private static string Plain(string name) => name.StartsWith("System.", StringComparison.OrdinalIgnoreCase) ? name[7..] : name;

    /// <summary>A member that a reading phase calls, or takes of a type, is in the closed lists of what reads.</summary>
    private void VisitReading(MemberExpressionAst member, string name)
    {
        if (member.Static)
        {
            if (member.Expression is not TypeExpressionAst type) Refuse(member, "member", "the type of a static member must be written out");
            else if (!Reading.MayUse(Plain(type.TypeName.FullName), name))
                Refuse(member, "reading", $"[{type.TypeName.FullName}]::{name} is not in the list of what a {role} may call: it may change something");
        }
        else if (member is InvokeMemberExpressionAst { Arguments: var arguments })
        {
            if (!Reading.MayCall(name)) Refuse(member, "reading", $"{name}() is not in the list of what a {role} may call: it may change something");
            if (name.Equals("OpenSubKey", StringComparison.OrdinalIgnoreCase) && arguments?.Count > 1)
                Refuse(member, "reading", "OpenSubKey takes the name alone in a phase that reads");
        }
        else if (member.Parent is AssignmentStatementAst { Left: var left } && left == member)
            Refuse(member, "reading", $"a {role} sets no member of an object: it may change what the object stands for. Write $x['{name}'] = … for a dictionary");
    }

    private void VisitMember(MemberExpressionAst member)
    {
        if (member.Member is not StringConstantExpressionAst { Value: var name })
        {
            // Reading a member whose name is data is a look-up; calling one is running it.
            if (member is InvokeMemberExpressionAst || member.Static) Refuse(member, "member", "the name of a method or static member must be written out");
            return;
        }
        if (Lists.Members.Contains(name)) Refuse(member, "member", $"{name} is not allowed");
        else if (Reading.Is(role)) VisitReading(member, name);
        if (role == "plan" && member.Static && Lists.Unstable.Contains(name)) Refuse(member, "stable", $"{name} gives another value each time; a plan must not");
    }

    private void VisitVariable(VariableExpressionAst variable)
    {
        var path = variable.VariablePath;
        if (path.UserPath.Equals("ExecutionContext", StringComparison.OrdinalIgnoreCase))
        {
            // The one thing a phase may ask of it.
            if (variable.Parent?.Parent?.Extent.Text != "$ExecutionContext.SessionState.LanguageMode")
                Refuse(variable, "variable", "$ExecutionContext is only for SessionState.LanguageMode");
            return;
        }
        if (path.IsGlobal || (path.IsDriveQualified && !(path.DriveName.Equals("env", StringComparison.OrdinalIgnoreCase) && role != "plan")))
            Refuse(variable, "variable", $"${path.UserPath} outlives the phase or reaches a drive");
        else if (path.IsDriveQualified && variable.Parent is AssignmentStatementAst { Left: var left } && left == variable)
            Refuse(variable, "variable", $"${path.UserPath} is the environment of the process: it outlives the phase");
    }

    private static bool TakesBlocks(Ast parent) =>
        parent is CommandAst command && command.GetCommandName() is { } name
        && (name.Equals("ForEach-Object", StringComparison.OrdinalIgnoreCase) || name.Equals("Where-Object", StringComparison.OrdinalIgnoreCase));

    private void VisitBinary(BinaryExpressionAst binary)
    {
        if (binary.Operator is TokenKind.As or TokenKind.Is or TokenKind.IsNot && binary.Right is not TypeExpressionAst)
            Refuse(binary, "type", "the type after -as and -is must be written out");
    }

    private void Refuse(Ast node, string rule, string message) => ScriptGate.Add(report, node.Extent, rule, message);
}
