using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fixpoint.Engine;

/// <summary>Where and how to connect: only checked values reach ssh's command line, and never as an option.</summary>
internal sealed partial class SshTarget
{
    /// <summary>A master takes new sessions for at most this long, idle ones end after a minute.</summary>
    private static readonly TimeSpan MasterAge = TimeSpan.FromMinutes(15);

    public required string Host { get; init; }
    public required int Port { get; init; }
    public required string User { get; init; }
    public required string HostKey { get; init; }
    public required string IdentityFile { get; init; }
    public required string MasterKey { get; init; }
    public required string Directory { get; init; }
    public required int ConnectTimeoutMs { get; init; }

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9.\-]{0,252}[A-Za-z0-9])?\z|\A[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9_.\-]{1,15})?\z")]
    private static partial Regex HostName();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.\-\\@]{0,63}\z")]
    private static partial Regex UserName();

    [GeneratedRegex(@"\A(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa|rsa-sha2-(256|512)) [A-Za-z0-9+/=]{40,2000}\z")]
    private static partial Regex KeyLine();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Digest();

    /// <exception cref="ArgumentException">A value that has not the form of its kind.</exception>
    public static SshTarget From(JsonObject ssh, int connectTimeoutMs)
    {
        var directory = Environment.GetEnvironmentVariable("FIXPOINT_HOST_RUNTIME") ?? throw new ArgumentException("FIXPOINT_HOST_RUNTIME is not set");
        var target = new SshTarget
        {
            Host = (string)ssh["host"]!,
            Port = (int)ssh["port"]!,
            User = (string)ssh["user"]!,
            HostKey = (string)ssh["hostKey"]!,
            IdentityFile = (string)ssh["identityFile"]!,
            MasterKey = (string)ssh["masterKey"]!,
            Directory = directory,
            ConnectTimeoutMs = connectTimeoutMs,
        };
        if (!HostName().IsMatch(target.Host)) throw new ArgumentException("the host is no host name or address");
        if (!UserName().IsMatch(target.User)) throw new ArgumentException("the user is no user name");
        if (!KeyLine().IsMatch(target.HostKey)) throw new ArgumentException("the host key is no public key");
        if (!Digest().IsMatch(target.MasterKey)) throw new ArgumentException("the connection has no key");
        if (target.Port is < 1 or > 65535) throw new ArgumentException("the port is out of range");
        if (!Path.IsPathFullyQualified(target.IdentityFile)) throw new ArgumentException("the identity file is no absolute path");
        return target;
    }

    /// <summary>Every option that decides anything is given: the user's own configuration is not read.</summary>
    public IEnumerable<string> Arguments()
    {
        var seconds = Math.Max(1, ConnectTimeoutMs / 1000).ToString(CultureInfo.InvariantCulture);
        string[] options =
        [
            "BatchMode=yes", "StrictHostKeyChecking=yes", $"UserKnownHostsFile={Quoted(KnownHosts())}", "GlobalKnownHostsFile=none",
            "UpdateHostKeys=no", "CheckHostIP=no", "HostKeyAlias=target", "IdentitiesOnly=yes", $"IdentityFile={Quoted(IdentityFile)}", "IdentityAgent=none",
            "PreferredAuthentications=publickey", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no", "LogLevel=ERROR",
            $"ConnectTimeout={seconds}", "ConnectionAttempts=1", "ServerAliveInterval=5", "ServerAliveCountMax=3",
            "ControlMaster=auto", $"ControlPath={Quoted(SshMasters.Path(this))}", "ControlPersist=60",
        ];
        yield return "-F";
        yield return "none";
        foreach (var option in options)
        {
            yield return "-o";
            yield return option;
        }
        yield return "-p";
        yield return Port.ToString(CultureInfo.InvariantCulture);
        yield return "-l";
        yield return User;
        yield return "-s";
        yield return "--";
        yield return Host;
        yield return "powershell";
    }

    /// <summary>A path as the value of an option: ssh splits values at spaces and replaces what begins with a percent sign.</summary>
    internal static string Quoted(string path) =>
        "\"" + path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal) + "\"";

    /// <summary>Changes with the time, so that no master takes sessions for longer than its age.</summary>
    public string MasterName =>
        $"{MasterKey[..24]}-{DateTime.UtcNow.Ticks / MasterAge.Ticks % 1000}";

    private string KnownHosts()
    {
        var path = Path.Combine(Directory, $"known-{MasterKey[..24]}");
        var line = $"target {HostKey}\n";
        if (!File.Exists(path) || File.ReadAllText(path) != line)
        {
            var fresh = $"{path}.{Guid.NewGuid():N}";
            File.WriteAllText(fresh, line);
            File.Move(fresh, path, overwrite: true);
        }
        return path;
    }
}
