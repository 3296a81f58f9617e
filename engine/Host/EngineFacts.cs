using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;

namespace Fixpoint.Engine;

/// <summary>What is recorded of the engine with each job.</summary>
public static class EngineFacts
{
    /// <summary>Version of the PowerShell engine, such as 7.6.9.</summary>
    public static string Version { get; } =
        System.Diagnostics.FileVersionInfo.GetVersionInfo(typeof(PowerShell).Assembly.Location).ProductVersion?.Split(' ', '+')[0] ?? "unknown";

    /// <summary>SHA-256 over the SHA-256 of the engine's own assemblies, in a fixed order; lower-case hex.</summary>
    public static string Digest { get; } = Hash([typeof(PowerShell).Assembly.Location, typeof(EngineFacts).Assembly.Location]);

    private static string Hash(string[] files)
    {
        var lines = files.Select(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
    }
}
