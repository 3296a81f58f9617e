using System.Reflection;

namespace Fixpoint.DesktopApi;

/// <summary>
/// Members of instances that are new: .NET has them on a type that can be reached from the gate's lists, and .NET Framework on none. What an
/// expression of a script is an instance of is not known, so a name that anything of .NET Framework has is not new.
/// </summary>
internal static class NewNames
{
    private const BindingFlags Instance = BindingFlags.Public | BindingFlags.Instance;

    /// <summary>Calls with more arguments are not looked at.</summary>
    private const int MostArguments = 12;

    /// <summary>Members that PowerShell 7 adds to files (types.ps1xml).</summary>
    private static readonly string[] Added = ["ModeWithoutHardLink", "ResolvedTarget"];

    /// <param name="roots">Names of the types from which others are reached.</param>
    public static IEnumerable<string> Lines(Platform desktop, Platform core, IReadOnlyList<string> roots)
    {
        var present = Reached(core, roots);
        var former = Reached(desktop, roots);
        // What is reached only in .NET may have been there before.
        former.UnionWith(present.Select(type => desktop.Named(type.FullName ?? "")).OfType<Type>());
        // A script reads members of data of its own too, so a value has to be unknown to all of .NET Framework.
        var (formerMethods, formerValues) = (MethodsOf(former), ValuesOf(desktop.All));
        var methods = new SortedDictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        foreach (var (name, counts) in MethodsOf(present))
        {
            var old = formerMethods.GetValueOrDefault(name) ?? [];
            var added = new SortedSet<int>(counts.Where(count => count <= MostArguments && !old.Contains(count)));
            if (added.Count > 0) methods[name] = added;
        }
        foreach (var letter in methods.GroupBy(method => method.Key[0]))
            yield return "methods\t" + string.Join(' ', letter.Select(method => $"{method.Key}({Surface.Text(method.Value)})"));
        var values = ValuesOf(present).Where(name => !formerValues.Contains(name) && !formerMethods.ContainsKey(name)).Concat(Added);
        foreach (var letter in values.Order(StringComparer.Ordinal).GroupBy(name => name[0])) yield return "values\t" + string.Join(' ', letter);
    }

    private static Dictionary<string, SortedSet<int>> MethodsOf(IEnumerable<Type> types)
    {
        var all = new Dictionary<string, SortedSet<int>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, counts) in types.SelectMany(type => Surface.Methods(type.GetMethods(Instance))))
        {
            if (!all.TryAdd(name, counts)) all[name].UnionWith(counts);
        }
        return all;
    }

    /// <summary>Properties and fields that the types declare themselves.</summary>
    private static HashSet<string> ValuesOf(IEnumerable<Type> types)
    {
        const BindingFlags own = Instance | BindingFlags.DeclaredOnly;
        var members = types.SelectMany(type => type.GetProperties(own).Cast<MemberInfo>().Concat(type.GetFields(own)));
        return new HashSet<string>(members.Select(member => member.Name), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The types, and those of everything that their members give.</summary>
    private static HashSet<Type> Reached(Platform platform, IEnumerable<string> roots)
    {
        var reached = new HashSet<Type>();
        var left = new Queue<Type>(roots.Select(platform.Find).OfType<Type>());
        while (left.TryDequeue(out var type))
        {
            while (type.HasElementType) type = type.GetElementType()!;
            if (type.IsGenericParameter || type.FullName is null) continue;
            if (!type.FullName.StartsWith("System", StringComparison.Ordinal) && !type.FullName.StartsWith("Microsoft.Win32", StringComparison.Ordinal)) continue;
            if (!reached.Add(type)) continue;
            if (type.BaseType is { } up) left.Enqueue(up);
            foreach (var argument in type.GetGenericArguments()) left.Enqueue(argument);
            foreach (var face in type.GetInterfaces()) left.Enqueue(face);
            const BindingFlags all = Instance | BindingFlags.Static;
            foreach (var property in type.GetProperties(all)) left.Enqueue(property.PropertyType);
            foreach (var field in type.GetFields(all)) left.Enqueue(field.FieldType);
            foreach (var method in type.GetMethods(all)) left.Enqueue(method.ReturnType);
        }
        return reached;
    }
}
