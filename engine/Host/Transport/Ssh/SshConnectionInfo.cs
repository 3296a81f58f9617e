using System.Management.Automation.Internal;
using System.Management.Automation.Remoting.Client;

namespace Fixpoint.Engine;

/// <summary>A connection by one ssh process for each runspace.</summary>
internal sealed class SshConnectionInfo(SshTarget target) : RemoteConnection(target.Host)
{
    private static readonly Version Oldest = new(7, 0);

    private SshTransport? transport;

    public override IPhaseTransport? Transport => transport;

    public override Version OldestPowerShell => Oldest;

    /// <summary>What was killed there comes up then, and a subsystem that is missing is missing again.</summary>
    public override bool MayOpenAgain(string? detail) => detail == SshOpenFailure.ClosedSilently;

    public override RemoteConnection Again() => new SshConnectionInfo(target);

    public override BaseClientSessionTransportManager CreateClientSessionTransportManager(Guid instanceId, string sessionName, PSRemotingCryptoHelper cryptoHelper) =>
        transport = new SshTransport(target, instanceId, cryptoHelper);
}
