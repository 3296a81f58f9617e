using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Fixpoint.Engine;

/// <summary>Where a runspace on a target is opened. The engine asks it for a transport; nothing else of the engine's own settings is used.</summary>
internal abstract class RemoteConnection(string host) : RunspaceConnectionInfo
{
    private string computerName = host;

    /// <summary>The transport of the runspace that was opened with this connection.</summary>
    public abstract IPhaseTransport? Transport { get; }

    /// <summary>Oldest PowerShell at the other end that phases run on.</summary>
    public abstract Version OldestPowerShell { get; }

    /// <summary>Whether a session that did not open may be tried once more at once.</summary>
    /// <param name="detail">Detail of its failure.</param>
    public virtual bool MayOpenAgain(string? detail) => false;

    /// <summary>Another connection to the same place with the same credential.</summary>
    public abstract RemoteConnection Again();

    public override string ComputerName { get => computerName; set => computerName = value; }

    public override PSCredential Credential { get => PSCredential.Empty; set => throw new NotSupportedException(); }

    public override AuthenticationMechanism AuthenticationMechanism { get => AuthenticationMechanism.Default; set => throw new NotSupportedException(); }

    public override string CertificateThumbprint { get => ""; set => throw new NotSupportedException(); }

    public override RunspaceConnectionInfo Clone() => this;
}
