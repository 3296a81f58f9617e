using System.Management.Automation.Internal;
using System.Management.Automation.Remoting.Client;

namespace Fixpoint.Engine;

/// <summary>A connection by one shell of WinRM for each runspace.</summary>
internal sealed class WinRmConnectionInfo(WinRmTarget target) : RemoteConnection(target.Host)
{
    /// <summary>Windows PowerShell, which is what a Windows machine has as it is.</summary>
    private static readonly Version Oldest = new(5, 1);

    private WinRmTransport? transport;

    public override IPhaseTransport? Transport => transport;

    public override Version OldestPowerShell => Oldest;

    public override RemoteConnection Again() => new WinRmConnectionInfo(target);

    public override BaseClientSessionTransportManager CreateClientSessionTransportManager(Guid instanceId, string sessionName, PSRemotingCryptoHelper cryptoHelper) =>
        transport = new WinRmTransport(target, instanceId, cryptoHelper);
}
