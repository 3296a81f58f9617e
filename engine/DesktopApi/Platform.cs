using System.Reflection;

namespace Fixpoint.DesktopApi;

/// <summary>The assemblies of one .NET, read and never run.</summary>
internal sealed class Platform : IDisposable
{
    private readonly MetadataLoadContext context;

    /// <summary>Public types by their full names; PowerShell asks for no case.</summary>
    private readonly Dictionary<string, Type> types = new(StringComparer.OrdinalIgnoreCase);

    private Platform(IEnumerable<string> files, string core)
    {
        // Of several files of one name the first one counts.
        var paths = files.DistinctBy(Path.GetFileName).ToList();
        context = new MetadataLoadContext(new PathAssemblyResolver(paths), core);
        foreach (var path in paths)
        {
            try
            {
                foreach (var type in context.LoadFromAssemblyPath(path).DefinedTypes)
                {
                    if (type is { IsPublic: true } or { IsNestedPublic: true }) types.TryAdd(type.FullName!, type);
                }
            }
            catch (Exception error) when (error is BadImageFormatException or InvalidOperationException)
            {
                // A library of the system's own, or part of an assembly: nothing that a script could name.
            }
        }
    }

    /// <summary>.NET Framework and System.Management.Automation of Windows PowerShell 5.1, from their reference assemblies.</summary>
    public static Platform Desktop(string framework, string powerShell) =>
        new([.. Directory.GetFiles(powerShell, "*.dll"), .. Directory.GetFiles(framework, "*.dll")], "mscorlib");

    /// <summary>The .NET that runs this program, with the libraries beside it.</summary>
    public static Platform Core() =>
        new([.. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll"), .. Directory.GetFiles(AppContext.BaseDirectory, "System.*.dll")], "System.Private.CoreLib");

    /// <summary>Every public type.</summary>
    public IEnumerable<Type> All => types.Values;

    /// <summary>The type that PowerShell finds by a name of the gate's lists; null where there is none.</summary>
    public Type? Find(string name)
    {
        if (name.EndsWith(']'))
        {
            var at = name.IndexOf('[');
            var arguments = name[(at + 1)..^1].Split(',').Select(Find).OfType<Type>().ToArray();
            return Named($"{name[..at]}`{arguments.Length}")?.MakeGenericType(arguments);
        }
        return TypeNames.Accelerators.TryGetValue(name, out var full) ? Named(full) : Named(name);
    }

    /// <summary>The type of this full name, of which a leading `System.` may be missing.</summary>
    public Type? Named(string name) => types.GetValueOrDefault("System." + name) ?? types.GetValueOrDefault(name);

    public void Dispose() => context.Dispose();
}
