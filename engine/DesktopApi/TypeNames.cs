namespace Fixpoint.DesktopApi;

/// <summary>Names of types beyond those of the gate's lists, and what short names stand for.</summary>
internal static class TypeNames
{
    /// <summary>Types that the engine's own texts for targets name (engine/Host/Bootstrap.cs) and runbooks may not.</summary>
    public static readonly string[] OfTheEngine =
    [
        "Diagnostics.Process", "Management.Automation.PSObject", "Management.Automation.PSNoteProperty", "Management.Automation.ScriptBlock",
        "Management.Automation.DefaultParameterDictionary", "Collections.Hashtable",
    ];

    /// <summary>Types of what the commands return that a phase may call: their members are used although nobody names them.</summary>
    public static readonly string[] OfCommands =
    [
        "Diagnostics.Process", "Diagnostics.Eventing.Reader.EventLogRecord", "Security.AccessControl.FileSecurity",
        "Security.AccessControl.RegistrySecurity", "TimeZoneInfo", "Collections.Specialized.OrderedDictionary", "Exception",
    ];

    /// <summary>
    /// Assemblies that Windows PowerShell 5.1 has loaded when a phase starts (from documentation). A script that passes the gate loads no
    /// other, so types elsewhere are as if they were not there.
    /// </summary>
    public static readonly HashSet<string> Loaded =
    [
        "mscorlib", "System", "System.Core", "System.Xml", "System.Data", "System.Numerics", "System.Configuration", "System.Management",
        "System.DirectoryServices", "System.Transactions", "System.Management.Automation",
    ];

    /// <summary>The type accelerators of Windows PowerShell 5.1 that the gate's lists use (about_Type_Accelerators).</summary>
    public static readonly Dictionary<string, string> Accelerators = new(StringComparer.OrdinalIgnoreCase)
    {
        ["int"] = "Int32",
        ["long"] = "Int64",
        ["bool"] = "Boolean",
        ["ordered"] = "Collections.Specialized.OrderedDictionary",
        ["hashtable"] = "Collections.Hashtable",
        ["switch"] = "Management.Automation.SwitchParameter",
        ["regex"] = "Text.RegularExpressions.Regex",
        ["CmdletBinding"] = "Management.Automation.CmdletBindingAttribute",
        ["Parameter"] = "Management.Automation.ParameterAttribute",
        ["ValidateSet"] = "Management.Automation.ValidateSetAttribute",
        ["ValidatePattern"] = "Management.Automation.ValidatePatternAttribute",
        ["AllowNull"] = "Management.Automation.AllowNullAttribute",
        ["AllowEmptyString"] = "Management.Automation.AllowEmptyStringAttribute",
        ["AllowEmptyCollection"] = "Management.Automation.AllowEmptyCollectionAttribute",
        ["OutputType"] = "Management.Automation.OutputTypeAttribute",
        ["cultureinfo"] = "Globalization.CultureInfo",
        ["pscustomobject"] = "Management.Automation.PSObject",
        ["pscredential"] = "Management.Automation.PSCredential",
        ["nullstring"] = "Management.Automation.Language.NullString",
        ["ref"] = "Management.Automation.PSReference",
    };

    /// <summary>The name of what an array is of; any other name as it is.</summary>
    public static string OfElement(string name) => name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2] : name;
}
