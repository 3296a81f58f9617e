import type { Catalogue } from '../ports/catalogue.js';
import type { RunbookFolders } from '../ports/runbook-catalogue.js';
import { serviceEvent } from './facts.js';

/** Loads the runbook folders into the catalogue; what breaks a rule is refused and said, the rest is admitted. */
export async function loadRunbooks(
  folders: RunbookFolders,
  catalogue: Catalogue,
  newId: () => string,
  log: (message: string) => void,
): Promise<void> {
  const loaded = await folders.load();
  for (const { id, bundle, problems } of loaded) {
    for (const { file, line, message, rule, severity } of problems) {
      if (severity === 'error') log(`runbook refused: ${file}:${line}: ${message} [${rule}]`);
    }
    if (!bundle) continue;
    const { contentDigest } = bundle;
    const data = { runbook: id, version: bundle.manifest.version, contentSha256: contentDigest };
    const kind = await catalogue.admit(bundle, serviceEvent(newId, 'worker', 'runbook.loaded', undefined, { data }));
    if (kind === 'new') log(`runbook ${id} ${bundle.manifest.version} loaded (${contentDigest.slice(0, 12)})`);
  }
  for (const { manifest } of await catalogue.list()) {
    if (loaded.some(({ id, bundle }) => bundle && id === manifest.id)) continue;
    await catalogue.retire(
      manifest.id,
      serviceEvent(newId, 'worker', 'runbook.refused', undefined, {
        outcome: 'denied',
        data: { runbook: manifest.id },
      }),
    );
  }
}
