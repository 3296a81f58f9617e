using System.Collections.Concurrent;
using System.Diagnostics;

namespace Fixpoint.Engine;

/// <summary>The connections that sessions share: one per target, credential and host key, in a folder of this host's user.</summary>
internal static class SshMasters
{
    private static readonly ConcurrentDictionary<string, bool> Known = new();

    public static string Path(SshTarget target)
    {
        var path = System.IO.Path.Combine(target.Directory, target.MasterName);
        Known[path] = true;
        return path;
    }

    /// <summary>Asks every master of this host to end; they would end by themselves a minute later.</summary>
    public static void CloseAll()
    {
        foreach (var path in Known.Keys)
        {
            if (!File.Exists(path)) continue;
            var start = new ProcessStartInfo("ssh") { RedirectStandardError = true, RedirectStandardOutput = true };
            foreach (var argument in new[] { "-F", "none", "-o", $"ControlPath={SshTarget.Quoted(path)}", "-O", "exit", "--", "target" }) start.ArgumentList.Add(argument);
            try
            {
                Process.Start(start)?.WaitForExit(1000);
            }
            catch (System.ComponentModel.Win32Exception)
            {
            }
        }
    }
}
