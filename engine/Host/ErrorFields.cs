using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fixpoint.Engine;

/// <summary>An ErrorRecord reduced to fixed fields of bounded length; the live object never leaves.</summary>
public static partial class ErrorFields
{
    [GeneratedRegex(@"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\z")]
    private static partial Regex StableCode();

    /// <summary>`throw 'some-code'` gives that text as the id of the error; anything else is a `script-error`.</summary>
    public static string CodeOf(ErrorRecord record) =>
        record.FullyQualifiedErrorId is { Length: <= 64 } id && id.Contains('-') | id.Length > 3 && StableCode().IsMatch(id) && record.Exception is RuntimeException && record.Exception.Message == id
            ? id
            : "script-error";

    public static JsonObject From(ErrorRecord record) => new()
    {
        ["fullyQualifiedErrorId"] = Cut(record.FullyQualifiedErrorId, 256),
        ["category"] = record.CategoryInfo.Category.ToString(),
        ["message"] = Cut(record.Exception?.Message ?? record.ToString(), 4096),
        ["exceptionType"] = Cut((record.Exception as RemoteException)?.SerializedRemoteException?.TypeNames.FirstOrDefault()?.Replace("Deserialized.", "") ?? record.Exception?.GetType().FullName, 256),
        ["hresult"] = record.Exception?.HResult ?? 0,
        ["scriptStackTrace"] = Cut(record.ScriptStackTrace, 2048),
    };

    private static string Cut(string? text, int most) => text is null ? "" : text.Length <= most ? text : text[..most];
}
