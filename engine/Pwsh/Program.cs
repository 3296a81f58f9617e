using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Fixpoint.Engine.Pwsh;

/// <summary>The bundled console: those switches of pwsh that Fixpoint uses, and no others.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        Thread.CurrentThread.CurrentCulture = CultureInfo.InvariantCulture;
        if (!Switches.TryParse(args, out var switches, out var problem))
        {
            Console.Error.WriteLine(problem);
            return 64;
        }
        if (switches.Server) return ServerMode.Run(switches.InitialCommand, switches.SshServer);
        var state = InitialSessionState.CreateDefault2();
        if (Enum.TryParse<Microsoft.PowerShell.ExecutionPolicy>(switches.ExecutionPolicy, ignoreCase: true, out var policy)) state.ExecutionPolicy = policy;
        using var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        var console = new CommandLoop(runspace);
        if (switches.File is not null) return console.RunFile(switches.File, switches.FileArguments);
        if (switches.Command is not null and not "-") return console.RunText(switches.Command);
        return console.RunStandardInput();
    }
}
