using System.Reflection;

namespace Fixpoint.DesktopApi;

/// <summary>What a script can use of a type by its name: constructors, static members, members of an attribute.</summary>
internal static class Surface
{
    /// <summary>As PowerShell looks static members up: those of base types too.</summary>
    private const BindingFlags Static = BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    private const BindingFlags Instance = BindingFlags.Public | BindingFlags.Instance;

    /// <summary>Arguments that a member takes at most, without a limit where it takes a list of them.</summary>
    public const int Most = 99;

    /// <param name="names">How the gate's lists name the type, with commas.</param>
    public static string Row(string names, Type type)
    {
        var row = new[] { "type", names, type.Assembly.GetName().Name!, Kind(type), Constructors(type), string.Join(' ', Statics(type)), string.Join(' ', Named(type)) };
        return string.Join('\t', row).TrimEnd('\t');
    }

    private static string Kind(Type type) => type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface" : "class";

    private static string Constructors(Type type)
    {
        var counts = new SortedSet<int>();
        if (type.IsValueType) counts.Add(0);
        if (!type.IsAbstract)
        {
            foreach (var constructor in type.GetConstructors(Instance)) counts.UnionWith(CountsOf(constructor));
        }
        return counts.Count == 0 ? "-" : Text(counts);
    }

    private static IEnumerable<string> Statics(Type type)
    {
        var members = new SortedDictionary<string, SortedSet<int>?>(StringComparer.Ordinal);
        foreach (var field in type.GetFields(Static)) members[field.Name] = null;
        foreach (var property in type.GetProperties(Static)) members[property.Name] = null;
        foreach (var (name, counts) in Methods(type.GetMethods(Static))) members[name] = counts;
        return members.Select(member => member.Value is { } counts ? $"{member.Key}({Text(counts)})" : member.Key);
    }

    /// <summary>What may be named in the brackets of an attribute.</summary>
    private static IEnumerable<string> Named(Type type)
    {
        for (var up = type.BaseType; up?.FullName != "System.Attribute"; up = up.BaseType)
        {
            if (up is null) return [];
        }
        var properties = type.GetProperties(Instance).Where(property => property.CanWrite).Select(property => property.Name);
        return properties.Concat(type.GetFields(Instance).Select(field => field.Name)).Distinct().Order(StringComparer.Ordinal);
    }

    /// <summary>Methods with the numbers of arguments that they take; no operators, and no accessors of properties.</summary>
    public static IEnumerable<(string Name, SortedSet<int> Counts)> Methods(IEnumerable<MethodInfo> methods) =>
        methods.Where(method => !method.IsSpecialName)
            .GroupBy(method => method.Name)
            .Select(group => (group.Key, new SortedSet<int>(group.SelectMany(CountsOf))));

    private static IEnumerable<int> CountsOf(MethodBase method)
    {
        var parameters = method.GetParameters();
        var isList = parameters.LastOrDefault()?.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == "ParamArrayAttribute") ?? false;
        var least = parameters.Count(parameter => !parameter.IsOptional) - (isList ? 1 : 0);
        return Enumerable.Range(least, (isList ? Most : parameters.Length) - least + 1);
    }

    /// <summary>Numbers as ranges: 0,2-4,6+.</summary>
    public static string Text(SortedSet<int> counts)
    {
        var ranges = new List<string>();
        foreach (var from in counts.Where(count => !counts.Contains(count - 1)))
        {
            var to = from;
            while (counts.Contains(to + 1)) to++;
            ranges.Add(to >= Most ? $"{from}+" : to == from ? $"{from}" : $"{from}-{to}");
        }
        return string.Join(',', ranges);
    }
}
