using System.Reflection;
using Fixpoint.DesktopApi;
using Fixpoint.Engine.Gate;

// Writes to standard output what .NET Framework and Windows PowerShell 5.1 have of the types that the gate's lists name. The file is
// engine/Host/Gate/Desktop/desktop-api.txt; docs/decisions/0108 says what it is for.

var paths = typeof(Surface).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(each => each.Key, each => each.Value ?? "");
using var desktop = Platform.Desktop(paths["Framework"], paths["PowerShell"]);
using var core = Platform.Core();

string[] roles = ["plan", "module", "detect", "apply"];
var names = roles.SelectMany(Lists.TypesOf).Concat(TypeNames.OfTheEngine).Select(TypeNames.OfElement).Distinct(StringComparer.OrdinalIgnoreCase);
var types = names.Order(StringComparer.OrdinalIgnoreCase).Select(name => (name, type: desktop.Find(name))).ToList();

Console.Out.NewLine = "\n";
Console.WriteLine("# Written by `dotnet run --project engine/DesktopApi`; do not edit. .NET Framework 4.6.2 and Windows PowerShell 5.1.");
Console.WriteLine($"loaded\t{string.Join(' ', TypeNames.Loaded.Order(StringComparer.Ordinal))}");
foreach (var (name, _) in types.Where(each => each.type is null)) Console.WriteLine($"none\t{name}");
foreach (var group in types.Where(each => each.type is not null).GroupBy(each => each.type!.FullName).OrderBy(group => group.Key, StringComparer.Ordinal))
    Console.WriteLine(Surface.Row(string.Join(',', group.Select(each => each.name).Order(StringComparer.Ordinal)), group.First().type!));
// Nobody can hold an object of a type that is not there.
var held = types.Where(each => each.type is not null && TypeNames.Loaded.Contains(each.type.Assembly.GetName().Name!)).Select(each => each.name);
foreach (var line in NewNames.Lines(desktop, core, [.. held, .. TypeNames.OfCommands])) Console.WriteLine(line);
