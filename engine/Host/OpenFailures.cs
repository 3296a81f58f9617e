using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>Why a session did not open, as the port has it: `unreachable` may be tried again, a refusal needs a person.</summary>
internal static class OpenFailures
{
    public static JsonObject Failure(string kind, string detail) => new() { ["kind"] = kind, ["detail"] = detail };

    public static JsonObject Refused(string code, string detail) => new() { ["kind"] = "refused", ["code"] = code, ["detail"] = detail };

    /// <summary>A state that may heal by itself and has a code that says what it is.</summary>
    public static JsonObject MayHeal(string code, string detail) => new() { ["kind"] = "unreachable", ["code"] = code, ["detail"] = detail };
}
