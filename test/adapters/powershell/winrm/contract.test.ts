import { powerShellHostContract } from '../../../contracts/powershell-host.contract.js';
import { aHost } from '../../../support/hosts.js';
import { aKerberosWinRm, aWinRm } from '../../../support/winrm.js';

powerShellHostContract('the bundled engine, over WinRM (a double) with Kerberos, sealed on HTTP', async () => {
  const { host, close } = aHost();
  const endpoint = await aKerberosWinRm('winrm-contract');
  const place = await endpoint.kerberos();
  return {
    host,
    place: () => place,
    tearDown: async () => {
      await close();
      await endpoint.stop();
    },
  };
});

powerShellHostContract('the bundled engine, over WinRM (a double) with NTLM on TLS', async () => {
  const { host, close } = aHost();
  const endpoint = await aWinRm();
  return {
    host,
    place: () => endpoint.tls(),
    tearDown: async () => {
      await close();
      await endpoint.stop();
    },
  };
});
