import { powerShellHostContract } from '../../contracts/powershell-host.contract.js';
import { aHost, anInstalledEngine } from '../../support/hosts.js';

powerShellHostContract('an engine named by FIXPOINT_PWSH, local', async () => {
  const installed = await anInstalledEngine();
  const { host, close } = aHost({ PATH: '/usr/bin:/bin', FIXPOINT_PWSH: installed.path });
  return {
    host,
    place: () => ({ kind: 'local' }),
    tearDown: async () => {
      await close();
      await installed.remove();
    },
  };
});
