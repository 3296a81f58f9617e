using System.Text;

namespace Fixpoint.Engine.Pwsh;

/// <summary>The command line, with the names that pwsh gives its switches (case does not matter).</summary>
internal sealed class Switches
{
    public bool Server { get; private set; }
    public bool SshServer { get; private set; }
    public string InitialCommand { get; private set; } = "";
    public string? Command { get; private set; }
    public string? ExecutionPolicy { get; private set; }
    public string? File { get; private set; }
    public string[] FileArguments { get; private set; } = [];

    public static bool TryParse(string[] args, out Switches switches, out string problem)
    {
        switches = new Switches();
        problem = "";
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i].ToLowerInvariant())
            {
                case "-nologo" or "-noprofile" or "-noninteractive" or "-noexit" or "-nop" or "-noni":
                    break;
                case "-sshs" or "-sshservermode":
                    switches.Server = switches.SshServer = true;
                    break;
                case "-s" or "-servermode":
                    switches.Server = true;
                    break;
                case "-encodedcommand" or "-e" or "-ec" when i + 1 < args.Length:
                    try
                    {
                        switches.InitialCommand = Encoding.Unicode.GetString(Convert.FromBase64String(args[++i]));
                    }
                    catch (FormatException)
                    {
                        problem = "The value of -EncodedCommand is not base64 of UTF-16LE text.";
                        return false;
                    }
                    break;
                case "-executionpolicy" or "-ex" or "-ep" when i + 1 < args.Length:
                    switches.ExecutionPolicy = args[++i];
                    break;
                case "-wd" or "-workingdirectory" when i + 1 < args.Length:
                    Environment.CurrentDirectory = args[++i];
                    break;
                case "-command" or "-c" when i + 1 < args.Length:
                    switches.Command = string.Join(' ', args[(i + 1)..]);
                    return true;
                case "-file" or "-f" when i + 1 < args.Length:
                    switches.File = args[i + 1];
                    switches.FileArguments = args[(i + 2)..];
                    return true;
                default:
                    problem = $"The argument '{args[i]}' is not one of -NoLogo -NoProfile -NonInteractive -NoExit -Command -File -EncodedCommand -ExecutionPolicy -WorkingDirectory -s -sshs.";
                    return false;
            }
        }
        if (!switches.Server && switches.InitialCommand.Length > 0) switches.Command = switches.InitialCommand;
        return true;
    }
}
