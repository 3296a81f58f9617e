import { visible } from '../domain/visible.js';
import type { Catalogue, RefusedRunbook } from '../ports/catalogue.js';
import type { LoadedFolder, RunbookFolders } from '../ports/runbook-catalogue.js';
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
      if (severity === 'error') log(visible(`runbook refused: ${file}:${line}: ${message} [${rule}]`));
    }
    if (!bundle) continue;
    const { contentDigest } = bundle;
    const data = { runbook: id, version: bundle.manifest.version, contentSha256: contentDigest };
    const kind = await catalogue.admit(bundle, serviceEvent(newId, 'worker', 'runbook.loaded', undefined, { data }));
    if (kind === 'new') log(`runbook ${id} ${bundle.manifest.version} loaded (${contentDigest.slice(0, 12)})`);
  }
  await catalogue.setRefused(refusedOf(loaded));
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

/** A person reads the first mistakes; `runbook check` names all. */
const MOST_PROBLEMS = 20;
const MOST_CHARS = 500;

function refusedOf(loaded: readonly LoadedFolder[]): readonly RefusedRunbook[] {
  return loaded
    .filter(({ bundle }) => bundle === undefined)
    .map(({ id, directory, problems }) => ({
      id,
      folder: directory,
      problems: problems
        .filter(({ severity }) => severity === 'error')
        .slice(0, MOST_PROBLEMS)
        .map(({ file, line, message, rule }) =>
          withoutNul(`${file}:${line}: ${message} [${rule}]`).slice(0, MOST_CHARS),
        ),
    }));
}

const withoutNul = (text: string) => text.replaceAll('\0', '\ufffd');
