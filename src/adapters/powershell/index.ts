import type { ListedCommand } from '../../domain/listed-command.js';
import type { AllowedNames, PowerShellHost, ScriptToCheck } from '../../ports/powershell-host.js';
import { createEngineSlot, type PowerShellOptions } from './engine-slot.js';
import { createIdentityEngines } from './identity-engines.js';

export type { PowerShellOptions };

/** One engine process for everything, and one for each Kerberos identity that is in use. */
export function createPowerShellHost(options: PowerShellOptions): PowerShellHost {
  const main = createEngineSlot(options);
  const identities = createIdentityEngines(options);
  const lists = async () => {
    const answer = await (await main.ready()).request({ t: 'lists' });
    if (answer?.ok !== true) throw new Error('the engine did not say what the gate allows');
    return answer;
  };
  return {
    get pid() {
      return main.pid;
    },
    engineDigest: async () => (await main.ready()).engineDigest,
    open: (place, how = {}) =>
      place.kind === 'local' && place.ticket
        ? identities.open({ kind: 'local' }, place.ticket, how)
        : main.open(place, how),
    async checkScripts(scripts) {
      const answer = await (await main.ready()).request({ t: 'check', scripts });
      if (answer?.ok !== true)
        throw new Error(`the gate could not run: ${JSON.stringify(answer?.failure ?? 'the engine ended')}`);
      return answer.files as Awaited<ReturnType<PowerShellHost['checkScripts']>>;
    },
    gateLists: async () => (await lists()).lists as Record<ScriptToCheck['role'], AllowedNames>,
    sessionCommands: async () => (await lists()).session as readonly ListedCommand[],
    async close() {
      await Promise.all([main.close(), identities.close()]);
    },
  };
}
