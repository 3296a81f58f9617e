namespace Fixpoint.Engine.Gate;

public static class ScriptGate
{
    public static GateReport Check(string file, string text, string role, IReadOnlyCollection<string> functions, bool mayRunOn51) => new(file);
}
