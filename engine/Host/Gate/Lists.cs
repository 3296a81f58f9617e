using System.Text.Json.Nodes;

namespace Fixpoint.Engine.Gate;

/// <summary>The closed lists of the gate: what is not here is refused. Documented in docs/guides/write-a-runbook.md.</summary>
internal static class Lists
{
    private static HashSet<string> Set(params string[] names) => new(names, StringComparer.OrdinalIgnoreCase);

    /// <summary>Commands that PowerShell itself brings, and that mean the same in every session, by the module that has them on Windows.</summary>
    private static readonly Dictionary<string, string[]> OfPowerShell = new()
    {
        ["Microsoft.PowerShell.Core"] = ["ForEach-Object", "Where-Object", "Out-Null", "Set-StrictMode", "Get-Command"],
        ["Microsoft.PowerShell.Utility"] =
        [
            "Write-Output", "Write-Verbose", "Write-Warning", "Write-Debug", "Write-Information", "Write-Error", "Write-Progress", "Start-Sleep",
            "Get-FileHash", "Get-Date", "Select-Object", "Measure-Object",
        ],
        ["Microsoft.PowerShell.Management"] =
        [
            "Test-Path", "Get-Item", "Get-ChildItem", "Get-ItemProperty", "Get-ItemPropertyValue", "Get-Content", "Get-Service", "Get-Process", "Get-TimeZone",
        ],
        ["Microsoft.PowerShell.Security"] = ["Get-Acl"],
        ["Microsoft.PowerShell.Diagnostics"] = ["Get-WinEvent"],
    };

    /// <summary>Commands of products, by their module.</summary>
    private static readonly Dictionary<string, string[]> OfProducts = new()
    {
        ["ADSync"] = ["Get-ADSyncScheduler", "Get-ADSyncConnector", "Get-ADSyncConnectorRunStatus", "Get-ADSyncRunProfileResult", "Get-ADSyncCSObject"],
    };

    /// <summary>Commands of products that change something, by their module.</summary>
    private static readonly Dictionary<string, string[]> OfProductsInApply = new() { ["ADSync"] = ["Start-ADSyncSyncCycle"] };

    private static HashSet<string> All(Dictionary<string, string[]> byModule) => Set([.. byModule.Values.SelectMany(names => names)]);

    /// <summary>Commands that PowerShell itself brings.</summary>
    public static readonly HashSet<string> CoreCommands = All(OfPowerShell);

    /// <summary>Commands that name what they read with -LiteralPath: a path by position expands wildcards.</summary>
    public static readonly HashSet<string> PathCommands = Set(
        "Test-Path", "Get-Item", "Get-ChildItem", "Get-ItemProperty", "Get-ItemPropertyValue", "Get-Content", "Get-Acl", "Get-FileHash");

    /// <summary>Commands of a phase on a target or worker: PowerShell's own, and those of products.</summary>
    public static readonly HashSet<string> Commands = Set([.. CoreCommands, .. All(OfProducts)]);

    /// <summary>Commands of products that change something: a phase that only reads may not call them.</summary>
    public static readonly HashSet<string> ApplyCommands = All(OfProductsInApply);

    /// <summary>Programs that only a shared module may run: what they are given is written there, once, under review.</summary>
    public static readonly HashSet<string> ModuleCommands = Set("systemctl");

    /// <summary>Commands that Windows PowerShell 5.1 has as functions.</summary>
    private static readonly HashSet<string> FunctionsOf51 = Set("Get-FileHash");

    private static readonly Dictionary<string, string> Modules = new[] { OfPowerShell, OfProducts, OfProductsInApply }
        .SelectMany(byModule => byModule)
        .SelectMany(module => module.Value.Select(name => (name, module: module.Key)))
        .ToDictionary(command => command.name, command => command.module, StringComparer.OrdinalIgnoreCase);

    /// <summary>A command with the module that has it, as the port's `ListedCommand`. A name that no module has is a program.</summary>
    public static JsonObject Described(string name) =>
        Modules.TryGetValue(name, out var module)
            ? new JsonObject { ["name"] = name, ["kind"] = FunctionsOf51.Contains(name) ? "function" : "cmdlet", ["module"] = module }
            : new JsonObject { ["name"] = name, ["kind"] = "program" };

    /// <summary>Commands of Plan: it only computes.</summary>
    public static readonly HashSet<string> PlanCommands = Set("ForEach-Object", "Where-Object");

    /// <summary>Types that every phase may name, Plan included (without a leading `System.`).</summary>
    public static readonly HashSet<string> PlainTypes = Set(
        "string", "int", "int32", "long", "int64", "double", "bool", "boolean", "object", "array", "ordered", "hashtable", "void", "char", "switch",
        "string[]", "object[]", "int[]", "guid", "regex", "CmdletBinding", "Parameter", "ValidateSet", "ValidatePattern", "AllowNull",
        "AllowEmptyString", "AllowEmptyCollection", "OutputType", "Globalization.CultureInfo", "cultureinfo", "StringComparison", "math");

    /// <summary>Further types of phases that reach a system: files, registry, directory, certificates, identities, text.</summary>
    public static readonly HashSet<string> SystemTypes = Set(
        "pscustomobject", "pscredential", "Management.Automation.PSCredential", "datetime", "DateTimeOffset", "timespan", "byte", "byte[]", "uint32", "uint64",
        "intptr", "nullstring", "DateTimeKind", "Globalization.DateTimeStyles",
        "NullString", "Management.Automation.Language.NullString", "IO.File", "IO.Path", "IO.Directory", "IO.FileInfo", "IO.DirectoryInfo", "IO.FileAttributes", "IO.FileMode",
        "IO.FileAccess", "IO.FileShare", "IO.FileStream", "IO.SearchOption", "IO.IOException", "IO.FileNotFoundException", "IO.DirectoryNotFoundException",
        "UnauthorizedAccessException", "Text.Encoding", "Text.UTF8Encoding", "Text.StringBuilder", "StringComparer", "Environment", "Environment+SpecialFolder",
        "Convert", "BitConverter", "Version", "Net.Dns", "Net.IPAddress", "Net.NetworkCredential", "Collections.Generic.List[object]", "Collections.Generic.List[string]",
        "Collections.ArrayList", "Security.Principal.WindowsIdentity", "Security.Principal.WindowsPrincipal", "Security.Principal.SecurityIdentifier",
        "Security.Principal.WindowsBuiltInRole", "Security.Cryptography.SHA256", "Microsoft.Win32.Registry", "Microsoft.Win32.RegistryKey", "Microsoft.Win32.RegistryHive",
        "Microsoft.Win32.RegistryView", "Microsoft.Win32.RegistryValueKind", "ServiceProcess.ServiceController", "ServiceProcess.ServiceControllerStatus",
        "Security.Cryptography.X509Certificates.X509Certificate2", "Security.Cryptography.X509Certificates.X509Store",
        "Security.Cryptography.X509Certificates.StoreName", "Security.Cryptography.X509Certificates.StoreLocation",
        "Security.Cryptography.X509Certificates.OpenFlags", "DirectoryServices.Protocols.LdapConnection",
        "DirectoryServices.Protocols.LdapDirectoryIdentifier", "DirectoryServices.Protocols.SearchRequest", "DirectoryServices.Protocols.SearchScope",
        "DirectoryServices.Protocols.ModifyRequest", "DirectoryServices.Protocols.DirectoryAttributeModification",
        "DirectoryServices.Protocols.DirectoryAttributeOperation", "DirectoryServices.Protocols.PageResultRequestControl",
        "DirectoryServices.Protocols.AuthType", "DirectoryServices.Protocols.ReferralChasingOptions", "DirectoryServices.Protocols.ResultCode",
        "DirectoryServices.Protocols.LdapException", "DirectoryServices.Protocols.DirectoryOperationException", "DirectoryServices.Protocols.DirectoryException",
        "DirectoryServices.Protocols.DomainScopeControl");

    /// <summary>Types that only a shared module may name: native calls are built there, once, under review.</summary>
    public static readonly HashSet<string> ModuleTypes = Set(
        "type", "type[]", "Reflection.AssemblyName", "Reflection.FieldInfo[]", "Reflection.PropertyInfo[]", "Reflection.Emit.AssemblyBuilder", "Reflection.Emit.AssemblyBuilderAccess",
        "Reflection.Emit.CustomAttributeBuilder", "Runtime.InteropServices.Marshal", "Runtime.InteropServices.DllImportAttribute",
        "Runtime.InteropServices.CharSet", "ref",
        // The module user-session: COM objects by name, folders with their rights, a file by its handle, what another session said.
        "Activator", "Microsoft.Win32.SafeHandles.SafeFileHandle", "IO.FileSystemAclExtensions", "Security.AccessControl.DirectorySecurity",
        "Security.AccessControl.FileSystemAccessRule", "Text.Json.JsonDocument", "Text.Json.JsonDocumentOptions", "Management.Automation.PSSerializer",
        "Collections.IDictionary", "Management.Automation.VerboseRecord", "Management.Automation.WarningRecord", "Management.Automation.DebugRecord",
        "Management.Automation.InformationRecord");

    /// <summary>The commands that a phase, or a module, may call.</summary>
    public static HashSet<string> CommandsOf(string role) => role switch
    {
        "plan" => PlanCommands,
        "module" => Set([.. Commands, .. ModuleCommands]),
        "apply" or "rollback" => Set([.. Commands, .. ApplyCommands]),
        _ => Commands,
    };

    /// <summary>The types that a phase, or a module, may name.</summary>
    public static HashSet<string> TypesOf(string role) => role switch
    {
        "plan" => PlainTypes,
        "module" => Set([.. PlainTypes, .. SystemTypes, .. ModuleTypes]),
        _ => Set([.. PlainTypes, .. SystemTypes]),
    };

    /// <summary>Members through which text or data would become code, or a wait that nobody can stop.</summary>
    public static readonly HashSet<string> Members = Set(
        "Invoke", "InvokeReturnAsIs", "InvokeWithContext", "InvokeScript", "InvokeCommand", "InvokeProvider", "NewScriptBlock", "GetNewClosure", "ExpandString", "InvokeMember",
        "DynamicInvoke", "WaitOne", "WaitAll", "WaitAny", "Sleep", "SpinWait", "GetMethod", "GetConstructors", "SetShouldExit");

    /// <summary>What would make two Plans of one state differ.</summary>
    public static readonly HashSet<string> Unstable = Set("UtcNow", "Now", "Today", "NewGuid", "TickCount", "TickCount64");

    /// <summary>Comparisons that follow a culture where ICU is loaded.</summary>
    public static readonly HashSet<string> Comparisons = Set(
        "Ieq", "Ceq", "Ine", "Cne", "Icontains", "Ccontains", "Inotcontains", "Cnotcontains", "Iin", "Cin", "Inotin", "Cnotin", "Ilike", "Clike", "Inotlike", "Cnotlike");

    /// <summary>The parameters of each phase, in the order they are written.</summary>
    public static readonly Dictionary<string, string[]> Parameters = new()
    {
        ["detect"] = ["Parameters"],
        ["plan"] = ["Parameters", "State"],
        ["apply"] = ["Parameters", "Change"],
        ["verify"] = ["Parameters", "State"],
        ["rollback"] = ["Parameters", "Change"],
    };
}
