using System.Management.Automation;
using System.Reflection;

namespace Fixpoint.Engine.Pwsh;

/// <summary>
/// PowerShell remoting over standard input and output, as `pwsh -sshs` serves it. The engine has no public entry for it: the one
/// internal method is looked up by its full signature, so that another version of the engine is refused instead of misused.
/// </summary>
internal static class ServerMode
{
    public static int Run(string initialCommand, bool overSsh)
    {
        var run = typeof(PowerShell).Assembly
            .GetType("System.Management.Automation.Remoting.Server.StdIOProcessMediator")?
            .GetMethod("Run", BindingFlags.Static | BindingFlags.NonPublic,
                [typeof(string), typeof(string), typeof(string), typeof(string), typeof(bool)]);
        if (run is null)
        {
            Console.Error.WriteLine("The server mode of this PowerShell engine has changed: System.Management.Automation 7.6 is needed.");
            return 70;
        }
        run.Invoke(null, [initialCommand, null, null, null, overSsh]);
        return 0;
    }
}
