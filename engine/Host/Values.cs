using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>A value that may not leave a phase: where and what it was.</summary>
public sealed class MalformedOutputException(string path, string what) : Exception($"{(path.Length == 0 ? "/" : path)}: {what}");

/// <summary>The values that may enter or leave a phase, and nothing else.</summary>
public static class Values
{
    private const int MostDepth = 8;
    private const int MostItems = 100_000;
    private const long MostInteger = 9007199254740991;

    /// <summary>A JSON value as PowerShell objects: Int64, Double, String, Boolean, Object[], PSCustomObject.</summary>
    public static object? ToPowerShell(JsonNode? node) => node switch
    {
        null => null,
        JsonArray array => array.Select(ToPowerShell).ToArray(),
        JsonObject members => Custom(members),
        JsonValue value => Scalar(value),
        _ => throw new InvalidOperationException("not JSON"),
    };

    /// <summary>
    /// The same value in a form that keeps its types through remoting, where an array inside an object would become another list
    /// type: `Restore` in <see cref="Bootstrap"/> rebuilds it in the runspace that runs the phase.
    /// </summary>
    public static object? ToWire(JsonNode? node) => node switch
    {
        null => null,
        JsonArray array => new Hashtable { ["k"] = "a", ["v"] = array.Select(ToWire).ToArray() },
        JsonObject members => new Hashtable
        {
            ["k"] = "o",
            ["n"] = members.Select(member => (object)member.Key).ToArray(),
            ["v"] = members.Select(member => ToWire(member.Value)).ToArray(),
        },
        JsonValue value => Scalar(value),
        _ => throw new InvalidOperationException("not JSON"),
    };

    private static PSObject Custom(JsonObject members)
    {
        var custom = new PSObject();
        foreach (var (name, value) in members) custom.Properties.Add(new PSNoteProperty(name, ToPowerShell(value)));
        return custom;
    }

    private static object Scalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => Number(value),
        _ => throw new InvalidOperationException("not a scalar"),
    };

    private static object Number(JsonValue value) =>
        long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? (object)whole
            : double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Maps what a script emitted; refuses every type that is not a plain value, with its path.</summary>
    /// <exception cref="MalformedOutputException">A type, a number or a string outside the rules, or too deep.</exception>
    public static JsonNode? FromPowerShell(object? value, string path = "", int depth = 0)
    {
        if (depth > MostDepth) throw new MalformedOutputException(path, $"deeper than {MostDepth}");
        var whole = value as PSObject;
        var plain = whole?.BaseObject ?? value;
        switch (plain)
        {
            case null:
                return null;
            case string text:
                return Text(text, path);
            case bool flag:
                return JsonValue.Create(flag);
            case SwitchParameter flag:
                return JsonValue.Create(flag.IsPresent);
            case sbyte or byte or short or ushort or int or uint or long:
                return Integer(Convert.ToInt64(plain, CultureInfo.InvariantCulture), path);
            case ulong large:
                return large <= MostInteger ? Integer((long)large, path) : throw new MalformedOutputException(path, "an integer beyond 2^53-1");
            case double or float:
                return Real(Convert.ToDouble(plain, CultureInfo.InvariantCulture), path);
            case Enum or char or byte[]:
                throw new MalformedOutputException(path, $"{plain.GetType().FullName} is not a plain value");
            case IDictionary dictionary:
                return FromDictionary(dictionary, path, depth);
            case PSCustomObject:
                return FromCustom(whole!, path, depth);
            case IEnumerable list when plain is not ScriptBlock:
                return FromList(list, path, depth);
        }
        if (ReferenceEquals(plain, System.Management.Automation.Internal.AutomationNull.Value)) return null;
        throw new MalformedOutputException(path, $"{TypeName(whole, plain)} is not a plain value");
    }

    private static string TypeName(PSObject? whole, object plain) =>
        whole?.TypeNames.FirstOrDefault() ?? plain.GetType().FullName ?? "an unknown type";

    private static JsonValue Text(string text, string path)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else throw new MalformedOutputException(path, "a string with a lone surrogate");
        }
        return JsonValue.Create(text);
    }

    private static JsonValue Integer(long value, string path) =>
        Math.Abs((decimal)value) <= MostInteger ? JsonValue.Create(value) : throw new MalformedOutputException(path, "an integer beyond 2^53-1");

    private static JsonValue Real(double value, string path)
    {
        if (!double.IsFinite(value)) throw new MalformedOutputException(path, "not a finite number");
        return value == 0 ? JsonValue.Create(0L) : JsonValue.Create(value);
    }

    private static JsonObject FromDictionary(IDictionary dictionary, string path, int depth)
    {
        var members = new JsonObject();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in dictionary)
        {
            var key = entry.Key is PSObject wrapped ? wrapped.BaseObject : entry.Key;
            if (key is not string name) throw new MalformedOutputException(path, "a member name that is not text");
            Add(members, names, name, entry.Value, path, depth);
        }
        return members;
    }

    private static JsonObject FromCustom(PSObject custom, string path, int depth)
    {
        // A property bag of some other class came through remoting: its type is not a plain value.
        var type = custom.TypeNames.FirstOrDefault() ?? "";
        if (type is not ("System.Management.Automation.PSCustomObject" or "Deserialized.System.Management.Automation.PSCustomObject" or "Selected.System.Management.Automation.PSCustomObject"))
            throw new MalformedOutputException(path, $"{type} is not a plain value");
        var members = new JsonObject();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in custom.Properties)
        {
            if (property.MemberType != PSMemberTypes.NoteProperty) continue;
            Add(members, names, property.Name, property.Value, path, depth);
        }
        return members;
    }

    private static void Add(JsonObject members, HashSet<string> names, string name, object? value, string path, int depth)
    {
        var step = $"{path}/{name.Replace("~", "~0").Replace("/", "~1")}";
        Text(name, step);
        if (!names.Add(name)) throw new MalformedOutputException(step, "two members whose names differ in case only");
        members[name] = FromPowerShell(value, step, depth + 1);
    }

    private static JsonArray FromList(IEnumerable list, string path, int depth)
    {
        var items = new JsonArray();
        foreach (var item in list)
        {
            // A generator may have no end.
            if (items.Count == MostItems) throw new MalformedOutputException(path, $"more than {MostItems} items");
            items.Add(FromPowerShell(item, $"{path}/{items.Count}", depth + 1));
        }
        return items;
    }

    /// <summary>Bytes of the value as compact JSON.</summary>
    public static int Size(JsonNode? value) => value is null ? 4 : Encoding.UTF8.GetByteCount(value.ToJsonString());
}
