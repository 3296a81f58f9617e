using System.Text.Json.Nodes;

namespace Fixpoint.Engine;

/// <summary>What carries the runspace of a session on a target: an ssh process, or a shell of WinRM. Once it has ended it stays so.</summary>
internal interface IPhaseTransport
{
    /// <summary>What it says of its end so far, at most 4,096 characters; empty while all is well.</summary>
    string Words { get; }

    /// <summary>Set when this side ended the session because the target sent too much.</summary>
    string? Flood { get; }

    /// <summary>Whether the connection has ended, whoever ended it.</summary>
    bool Ended { get; }

    /// <summary>Whether what it carried runs on at the target after a loss that nobody asked for, so that it has to be ended from here.</summary>
    bool OutlivesLoss { get; }

    /// <summary>What this side still does at the target after the end; it never fails and takes 10 s at most.</summary>
    Task Left { get; }

    /// <summary>The failure of the port (`OpenFailure`) for a session that did not open.</summary>
    /// <param name="message">What the engine made of it, for failures without words.</param>
    JsonObject WhyNotOpened(string message);

    /// <summary>Ends our side at once. The far side may live on: what it still does is not known.</summary>
    void End();
}
