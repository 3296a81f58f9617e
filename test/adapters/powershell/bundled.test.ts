import { powerShellHostContract } from '../../contracts/powershell-host.contract.js';
import { aHost, anEndpoint } from '../../support/hosts.js';

powerShellHostContract('the bundled engine, local', async () => {
  const { host, close } = aHost();
  return { host, place: () => ({ kind: 'local' }), tearDown: close };
});

powerShellHostContract('the bundled engine, over SSH', async () => {
  const { host, close } = aHost();
  const endpoint = await anEndpoint();
  return {
    host,
    place: () => endpoint.place(),
    tearDown: async () => {
      await close();
      await endpoint.stop();
    },
  };
});
