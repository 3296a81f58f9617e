using System.Collections.Concurrent;
using System.Diagnostics;

namespace Fixpoint.Engine;

/// <summary>The connections that sessions share: one per target, credential and host key, in a folder of this host's user.</summary>
internal static class SshMasters
{
    /// <summary>How long a master may take to answer: it is on this machine, which may be busy.</summary>
    private const int AnswerMs = 5000;

    /// <summary>How long the end of this host waits for a master.</summary>
    private const int EndMs = 1000;

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
        foreach (var path in Known.Keys) Ask(path, "exit", EndMs);
    }

    /// <summary>Whether the connection that sessions with this target share is up.</summary>
    public static bool Answers(SshTarget target) => Ask(Path(target), "check", AnswerMs);

    /// <summary>Sends a command to the master behind a path; true when it answered in time.</summary>
    private static bool Ask(string path, string command, int withinMs)
    {
        if (!File.Exists(path)) return false;
        var start = new ProcessStartInfo("ssh") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "-F", "none", "-o", $"ControlPath={SshTarget.Quoted(path)}", "-O", command, "--", "target" }) start.ArgumentList.Add(argument);
        try
        {
            using var asked = Process.Start(start);
            return asked is not null && asked.WaitForExit(withinMs) && asked.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
