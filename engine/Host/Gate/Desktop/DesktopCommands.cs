namespace Fixpoint.Engine.Gate;

/// <summary>
/// The parameters that the gate's commands have in Windows PowerShell 5.1, with aliases. Written by hand from Microsoft's reference of 5.1
/// (Microsoft.PowerShell.Core, .Management, .Utility, .Security, .Diagnostics); no Windows confirmed it. A parameter that the pages of 5.1
/// name although they say that it came later is not here. Dynamic ones of the file system and the certificate store are.
/// </summary>
internal static class DesktopCommands
{
    /// <summary>Of every command and of every function with [CmdletBinding()].</summary>
    private const string Common =
        "Verbose|vb Debug|db ErrorAction|ea WarningAction|wa InformationAction|infa ErrorVariable|ev WarningVariable|wv InformationVariable|iv OutVariable|ov OutBuffer|ob PipelineVariable|pv";

    private const string Item = "Path LiteralPath|PSPath Filter Include Exclude Credential UseTransaction|usetx";

    private const string Certificates = "CodeSigningCert DnsName DocumentEncryptionCert Eku ExpiringInDays SSLServerAuthentication";

    private static readonly Dictionary<string, string[][]> Parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ForEach-Object"] = Set("InputObject Begin Process End RemainingScripts MemberName ArgumentList|Args WhatIf|wi Confirm|cf"),
        ["Where-Object"] = Set(
            "InputObject FilterScript Property Value EQ|IEQ CEQ NE|INE CNE GT|IGT CGT LT|ILT CLT GE|IGE CGE LE|ILE CLE Like|ILike CLike NotLike|INotLike CNotLike " +
            "Match|IMatch CMatch NotMatch|INotMatch CNotMatch Contains|IContains CContains NotContains|INotContains CNotContains In|IIn CIn NotIn|INotIn CNotIn Is IsNot"),
        ["Out-Null"] = Set("InputObject"),
        ["Set-StrictMode"] = Set("Off Version|v"),
        ["Write-Output"] = Set("InputObject NoEnumerate"),
        ["Write-Verbose"] = Set("Message|Msg"),
        ["Write-Warning"] = Set("Message|Msg"),
        ["Write-Debug"] = Set("Message|Msg"),
        ["Write-Information"] = Set("MessageData|Msg Tags"),
        ["Write-Error"] = Set(
            "Exception Message|Msg ErrorRecord Category ErrorId TargetObject RecommendedAction CategoryActivity|Activity CategoryReason|Reason CategoryTargetName|TargetName " +
            "CategoryTargetType|TargetType"),
        ["Write-Progress"] = Set("Activity Status Id PercentComplete SecondsRemaining CurrentOperation ParentId Completed SourceId"),
        ["Start-Sleep"] = Set("Seconds Milliseconds"),
        ["Test-Path"] = Set($"{Item} PathType|Type IsValid NewerThan OlderThan"),
        ["Get-Item"] = Set($"{Item} Force Stream {Certificates}"),
        ["Get-ChildItem"] = Set($"{Item} Recurse|s Depth Force Name Attributes Directory|ad|d File|af Hidden|ah|h ReadOnly|ar System|as {Certificates}"),
        ["Get-Command"] = Set(
            "Name Verb Noun Module|PSSnapin FullyQualifiedModule CommandType|Type TotalCount Syntax ShowCommandInfo ArgumentList|Args All ListImported ParameterName ParameterType"),
        ["Get-ItemProperty"] = Set($"{Item} Name|PSProperty"),
        ["Get-ItemPropertyValue"] = Set($"{Item} Name|PSProperty"),
        ["Get-Content"] = Set($"{Item} Force ReadCount TotalCount|First|Head Tail|Last Delimiter Wait Raw Encoding Stream"),
        ["Get-Acl"] = Set("Path LiteralPath|PSPath InputObject Filter Include Exclude Audit AllCentralAccessPolicies UseTransaction|usetx"),
        ["Get-FileHash"] = Set("Path LiteralPath|PSPath Algorithm InputStream"),
        ["Get-Service"] = Set("Name|ServiceName DisplayName ComputerName|Cn DependentServices|DS RequiredServices|SDO|ServicesDependedOn Include Exclude InputObject"),
        ["Get-Process"] = Set("Name|ProcessName Id|PID ComputerName|Cn Module FileVersionInfo|FV|FVI IncludeUserName InputObject"),
        ["Get-WinEvent"] = Set("LogName ListLog ListProvider ProviderName Path|PSPath MaxEvents ComputerName|Cn Credential FilterXPath FilterXml FilterHashtable Force Oldest"),
        ["Get-Date"] = Set("Date|LastWriteTime Year Month Day Hour Minute Second Millisecond DisplayHint UFormat Format"),
        ["Get-TimeZone"] = Set("Id ListAvailable Name"),
        ["Select-Object"] = Set("InputObject Property ExcludeProperty ExpandProperty Unique Last First Skip SkipLast Wait Index"),
        ["Measure-Object"] = Set("InputObject Property Sum Average Maximum Minimum Line Word Character IgnoreWhiteSpace"),
    };

    /// <summary>The names that Get-Content takes for -Encoding; a number is newer.</summary>
    public static readonly HashSet<string> Encodings = new(
        ["Unknown", "String", "Unicode", "Byte", "BigEndianUnicode", "UTF8", "UTF7", "UTF32", "Ascii", "Default", "Oem", "BigEndianUTF32"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether Windows PowerShell 5.1 has a command of PowerShell's own.</summary>
    public static bool Has(string command) => Parameters.ContainsKey(command);

    /// <param name="parameter">As it is written: a beginning that only one parameter has is enough.</param>
    public static bool Takes(string command, string parameter)
    {
        var all = Parameters[command];
        return all.Any(names => names.Contains(parameter, StringComparer.OrdinalIgnoreCase))
            || all.Count(names => names.Any(name => name.StartsWith(parameter, StringComparison.OrdinalIgnoreCase))) == 1;
    }

    /// <param name="names">Separated by blanks, each with its aliases after `|`.</param>
    private static string[][] Set(string names) => [.. $"{names} {Common}".Split(' ').Select(name => name.Split('|'))];
}
