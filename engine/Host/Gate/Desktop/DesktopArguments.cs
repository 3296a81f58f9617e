using System.Management.Automation.Language;

namespace Fixpoint.Engine.Gate;

/// <summary>Refuses parameters of commands, and values of some, that Windows PowerShell 5.1 does not have.</summary>
internal static class DesktopArguments
{
    private const string Rule = "newer-command";

    public static void Visit(CommandAst command, string name, DesktopRule rule)
    {
        var given = command.CommandElements.OfType<CommandParameterAst>();
        if (!Lists.CoreCommands.Contains(name))
        {
            // A function of a module, or a command of a product: only the parameter that every command has gained is known.
            foreach (var parameter in given.Where(parameter => Same(parameter.ParameterName, "ProgressAction"))) Refuse(parameter);
            return;
        }
        if (!DesktopCommands.Has(name))
        {
            rule.Refuse(command, Rule, $"Windows PowerShell 5.1, where this may run, does not have {name}");
            return;
        }
        foreach (var parameter in given.Where(parameter => !DesktopCommands.Takes(name, parameter.ParameterName))) Refuse(parameter);
        if (Same(name, "Get-Content") && Value(command, "Encoding") is { } encoding && !Fits(encoding))
            rule.Refuse(encoding, Rule, $"Get-Content of Windows PowerShell 5.1, where this may run, takes no -Encoding {encoding.Extent.Text}");
        if (Same(name, "Start-Sleep") && (Value(command, "Seconds") ?? command.CommandElements.ElementAtOrDefault(1)) is ConstantExpressionAst { Value: double or decimal } seconds)
            rule.Refuse(seconds, Rule, "Start-Sleep of Windows PowerShell 5.1, where this may run, waits whole seconds: use -Milliseconds");

        void Refuse(CommandParameterAst parameter) =>
            rule.Refuse(parameter, Rule, $"{name} of Windows PowerShell 5.1, where this may run, has no -{parameter.ParameterName}");
    }

    private static bool Fits(Ast encoding) => encoding switch
    {
        StringConstantExpressionAst { Value: var text } => DesktopCommands.Encodings.Contains(text),
        ConstantExpressionAst => false,
        _ => true,
    };

    /// <summary>What stands after a parameter, or after the beginning of its name.</summary>
    private static Ast? Value(CommandAst command, string parameter)
    {
        for (var i = 1; i < command.CommandElements.Count; i++)
        {
            if (command.CommandElements[i] is not CommandParameterAst given || !parameter.StartsWith(given.ParameterName, StringComparison.OrdinalIgnoreCase)) continue;
            return given.Argument ?? command.CommandElements.ElementAtOrDefault(i + 1);
        }
        return null;
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
