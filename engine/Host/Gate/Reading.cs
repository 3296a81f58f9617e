namespace Fixpoint.Engine.Gate;

/// <summary>
/// What a phase that only reads (detect, plan, verify) may call: static members by their type, methods by their name, functions of
/// modules by their verb. Closed lists: what is not here may change something. Documented in docs/guides/write-a-runbook.md.
/// </summary>
internal static class Reading
{
    private static HashSet<string> Set(string names) => new(names.Split(' '), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Roles = Set("detect plan verify");

    public static bool Is(string role) => Roles.Contains(role);

    /// <summary>Types all of whose static members only compute, or only name a value.</summary>
    private static readonly HashSet<string> Pure = Set(
        "string int int32 long int64 uint32 uint64 double bool boolean char byte guid regex math datetime DateTimeOffset timespan DateTimeKind " +
        "Globalization.CultureInfo cultureinfo Globalization.DateTimeStyles StringComparison StringComparer Convert BitConverter Version " +
        "nullstring Management.Automation.Language.NullString IO.FileAttributes IO.FileMode IO.FileAccess IO.FileShare IO.SearchOption " +
        "Environment+SpecialFolder Text.Encoding Text.UTF8Encoding Text.StringBuilder Collections.ArrayList Collections.Generic.List[object] " +
        "Collections.Generic.List[string] Net.IPAddress Security.Principal.SecurityIdentifier Security.Principal.WindowsPrincipal " +
        "Security.Principal.WindowsBuiltInRole Microsoft.Win32.RegistryHive Microsoft.Win32.RegistryView Microsoft.Win32.RegistryValueKind " +
        "ServiceProcess.ServiceControllerStatus Security.Cryptography.X509Certificates.StoreName " +
        "Security.Cryptography.X509Certificates.StoreLocation DirectoryServices.Protocols.SearchScope DirectoryServices.Protocols.AuthType " +
        "DirectoryServices.Protocols.ReferralChasingOptions DirectoryServices.Protocols.ResultCode");

    /// <summary>Static members that read, of types that also have members that change something.</summary>
    private static readonly Dictionary<string, HashSet<string>> Statics = new(StringComparer.OrdinalIgnoreCase)
    {
        ["array"] = Set("Sort Reverse IndexOf LastIndexOf"),
        ["IO.File"] = Set("Exists ReadAllText ReadAllLines ReadAllBytes OpenRead GetAttributes GetCreationTimeUtc GetLastWriteTimeUtc GetLastAccessTimeUtc"),
        ["IO.Directory"] = Set("Exists GetFiles GetDirectories GetFileSystemEntries GetCreationTimeUtc GetLastWriteTimeUtc GetParent"),
        ["IO.Path"] = Set("Combine GetFileName GetFileNameWithoutExtension GetDirectoryName GetExtension GetFullPath GetPathRoot IsPathRooted IsPathFullyQualified DirectorySeparatorChar"),
        ["IO.FileInfo"] = Set("new"),
        ["IO.DirectoryInfo"] = Set("new"),
        ["Environment"] = Set("MachineName OSVersion GetFolderPath GetEnvironmentVariable UserName UserDomainName UserInteractive NewLine Is64BitOperatingSystem Is64BitProcess ProcessId"),
        ["Net.Dns"] = Set("GetHostAddresses GetHostEntry GetHostName"),
        ["Microsoft.Win32.Registry"] = Set("CurrentUser LocalMachine Users ClassesRoot"),
        ["Microsoft.Win32.RegistryKey"] = Set("OpenBaseKey"),
        ["ServiceProcess.ServiceController"] = Set("GetServices"),
        ["Security.Principal.WindowsIdentity"] = Set("GetCurrent"),
        ["Security.Cryptography.SHA256"] = Set("Create HashData"),
        ["Security.Cryptography.X509Certificates.X509Certificate2"] = Set("new"),
        ["Security.Cryptography.X509Certificates.X509Store"] = Set("new"),
        ["Security.Cryptography.X509Certificates.OpenFlags"] = Set("ReadOnly OpenExistingOnly IncludeArchived"),
    };

    /// <summary>Methods that read or compute, whatever object they are called on.</summary>
    private static readonly HashSet<string> Methods = Set(
        "Add AddRange AddDays AddHours AddMinutes AddSeconds AddMilliseconds AddTicks Append AppendLine Clone Close CompareTo ComputeHash Contains ContainsKey " +
        "Dispose EndsWith Equals Find FindIndex GetBytes GetEnumerator GetFiles GetDirectories GetFileSystemInfos GetHashCode GetString GetSubKeyNames GetValue " +
        "GetValueKind GetValueNames IndexOf Insert IsInRole IsMatch LastIndexOf Match Matches OpenRead OpenSubKey OpenText PadLeft PadRight Peek Read " +
        "ReadLine ReadToEnd Sort Split StartsWith Substring Subtract ToArray ToCharArray ToFileTimeUtc ToLowerInvariant ToString ToUniversalTime " +
        "ToUpperInvariant Translate Trim TrimEnd TrimStart TryGetValue WriteDebug WriteVerbose WriteWarning");

    private static readonly HashSet<string> Verbs = Set("Assert Compare Connect ConvertFrom ConvertTo Find Format Get Join Limit Measure Read Resolve Search Select Split Test");

    /// <param name="type">As it is written, without a leading `System.`.</param>
    public static bool MayUse(string type, string member) =>
        Pure.Contains(type) || (Statics.TryGetValue(type, out var members) && members.Contains(member));

    public static bool MayCall(string method) => Methods.Contains(method);

    public static bool MayCallFunction(string function) => Verbs.Contains(function.Split('-')[0]);
}
