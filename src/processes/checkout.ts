import { loadCheckout, type CheckoutContext } from '../usecases/admission/load-checkout.js';
import { withEngine } from './authoring.js';
import { composeRunbooks, type Settings } from './compose.js';

/** How often the folders are looked at for a change (milliseconds). */
const EVERY_MS = 3000;

/** Reads the runbook folders of this installation once and admits what breaks no rule, with an engine that ends with it. */
export function admitFolders({ config }: Settings, context: CheckoutContext, log: (message: string) => void) {
  return withEngine(config, (host) =>
    loadCheckout(context, composeRunbooks(config.runbookDirectories, host), () => host.engineDigest(), log),
  );
}

/**
 * Development mode: admits what is in the runbook folders, now and whenever a file of them changes. In production nothing is loaded by
 * itself. Ends when what it began is done.
 */
export async function watchCheckout(
  settings: Settings,
  context: CheckoutContext,
  log: (message: string) => void,
): Promise<{ stop(): Promise<void> }> {
  if (settings.config.mode === 'production') return { stop: () => Promise.resolve() };
  const none = { checkScripts: () => Promise.resolve([]) };
  const folders = composeRunbooks(settings.config.runbookDirectories, none);
  let loadedFrom: string | undefined;
  const look = async () => {
    const now = await folders.signature();
    if (now === loadedFrom) return;
    await admitFolders(settings, context, log);
    loadedFrom = now;
  };
  // Decisions are judged meanwhile, whatever is wrong with a folder or the engine.
  let reading = look().catch((error: Error) => log(error.message));
  await reading;
  const timer = setInterval(() => {
    reading = reading.then(look).catch((error: Error) => log(error.message));
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await reading;
    },
  };
}
