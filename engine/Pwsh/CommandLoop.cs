using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text;

namespace Fixpoint.Engine.Pwsh;

/// <summary>Runs text, a file, or standard input statement by statement; results are printed with ToString.</summary>
internal sealed class CommandLoop(Runspace runspace)
{
    public int RunText(string text)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(text);
        return Run(shell);
    }

    public int RunFile(string path, string[] arguments)
    {
        if (!System.IO.File.Exists(path))
        {
            Console.Error.WriteLine($"The argument '{path}' to -File does not exist.");
            return 64;
        }
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand(Path.GetFullPath(path));
        foreach (var argument in arguments) shell.AddArgument(argument);
        return Run(shell);
    }

    /// <summary>Collects lines until they parse as whole statements, runs them, goes on to the end of the input.</summary>
    public int RunStandardInput()
    {
        var waiting = new StringBuilder();
        var last = 0;
        while (Console.In.ReadLine() is { } line)
        {
            waiting.Append(line).Append('\n');
            Parser.ParseInput(waiting.ToString(), out _, out var errors);
            if (errors.Any(error => error.IncompleteInput)) continue;
            last = RunText(waiting.ToString());
            waiting.Clear();
        }
        return waiting.Length > 0 ? RunText(waiting.ToString()) : last;
    }

    private static int Run(PowerShell shell)
    {
        try
        {
            foreach (var result in shell.Invoke()) Console.Out.WriteLine(result?.ToString());
            foreach (var error in shell.Streams.Error) Console.Error.WriteLine(error.ToString());
            return shell.HadErrors ? 1 : 0;
        }
        catch (RuntimeException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
