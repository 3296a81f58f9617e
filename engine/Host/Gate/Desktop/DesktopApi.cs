namespace Fixpoint.Engine.Gate;

/// <summary>What .NET Framework 4.6.2 has of a type that the gate's lists name.</summary>
/// <param name="Assembly">The assembly that has it there.</param>
/// <param name="Constructors">Null where it cannot be made.</param>
/// <param name="Statics">Static members, those of base types too; a method with its numbers of arguments.</param>
/// <param name="Named">What may be named in the brackets of an attribute.</param>
internal sealed record DesktopType(string Assembly, string Kind, Counts? Constructors, Dictionary<string, Counts?> Statics, HashSet<string> Named);

/// <summary>Numbers of arguments, such as 0,2-4,6+.</summary>
internal sealed class Counts(string text)
{
    private readonly (int From, int To)[] ranges = [.. text.Split(',').Select(Range)];

    public bool Has(int count) => ranges.Any(range => count >= range.From && count <= range.To);

    private static (int From, int To) Range(string text)
    {
        if (text.EndsWith('+')) return (int.Parse(text[..^1]), int.MaxValue);
        var ends = text.Split('-');
        return (int.Parse(ends[0]), int.Parse(ends[^1]));
    }

    public override string ToString() => text;
}

/// <summary>
/// The file desktop-api.txt: the surface of .NET Framework 4.6.2 and Windows PowerShell 5.1 as far as the gate's lists reach, and the names
/// that are new since. `dotnet run --project engine/DesktopApi` writes it.
/// </summary>
internal static class DesktopApi
{
    private static readonly HashSet<string> Loaded = [];

    private static readonly Dictionary<string, DesktopType?> Types = new(StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, Counts> Methods = new(StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Values = new(StringComparer.Ordinal);

    static DesktopApi()
    {
        using var stream = typeof(DesktopApi).Assembly.GetManifestResourceStream("desktop-api.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split('\t');
            switch (parts[0])
            {
                case "type":
                    var type = new DesktopType(parts[2], parts[3], parts[4] == "-" ? null : new Counts(parts[4]), Members(parts.ElementAtOrDefault(5)), [.. Words(parts.ElementAtOrDefault(6))]);
                    foreach (var name in parts[1].Split(',')) Types[name] = type;
                    break;
                case "loaded":
                    Loaded.UnionWith(Words(parts[1]));
                    break;
                case "none":
                    Types[parts[1]] = null;
                    break;
                case "methods":
                    foreach (var (name, counts) in Members(parts[1])) Methods[name] = counts!;
                    break;
                case "values":
                    Values.UnionWith(Words(parts[1]));
                    break;
            }
        }
    }

    /// <summary>Whether the gate's lists, or the engine's own texts, name the type at all.</summary>
    /// <param name="name">Without a leading `System.`; of an array, what it is of.</param>
    /// <param name="type">Null where .NET Framework does not have it.</param>
    public static bool Knows(string name, out DesktopType? type) => Types.TryGetValue(name, out type);

    /// <summary>Whether Windows PowerShell 5.1 has its assembly loaded when a phase starts: a script of the gate cannot load others.</summary>
    public static bool IsLoaded(DesktopType type) => Loaded.Contains(type.Assembly);

    /// <summary>Whether no type of .NET Framework has a method of that name that takes so many arguments.</summary>
    public static bool IsNewMethod(string name, int arguments) => Methods.TryGetValue(name, out var counts) && counts.Has(arguments);

    /// <summary>Whether no type of .NET Framework has such a property. Written as .NET writes it: members of data begin small.</summary>
    public static bool IsNewValue(string name) => Values.Contains(name);

    private static IEnumerable<string> Words(string? text) => (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, Counts?> Members(string? text)
    {
        var members = new Dictionary<string, Counts?>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in Words(text))
        {
            var at = word.IndexOf('(');
            if (at < 0) members[word] = null;
            else members[word[..at]] = new Counts(word[(at + 1)..^1]);
        }
        return members;
    }
}
