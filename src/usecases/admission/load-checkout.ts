import type { AdmissionRules } from '../../domain/admission.js';
import { admissionInForce } from '../../domain/admission.js';
import { visible } from '../../domain/visible.js';
import type { Admissions } from '../../ports/admissions.js';
import type { Catalogue, RefusedRunbook } from '../../ports/catalogue.js';
import type { LoadedFolder, RunbookFolders } from '../../ports/runbook-catalogue.js';
import { serviceEvent } from '../facts.js';
import { signAdmission, type AdmissionMaker } from './sign-admission.js';

/** What `authority` needs to admit what is in the folders. */
export interface CheckoutContext extends AdmissionMaker {
  readonly catalogue: Pick<Catalogue, 'current' | 'list' | 'retire' | 'setRefused'>;
  readonly admissions: Pick<Admissions, 'admit' | 'of' | 'setCurrent'>;
  readonly rules: AdmissionRules;
  /** In whose name it is admitted: the account that started Fixpoint. */
  readonly account: string;
}

/**
 * Development mode: what is in the runbook folders and breaks no rule is admitted in the name of the account that started Fixpoint. What
 * breaks one is refused and said. A version that was disabled or revoked stays so, whatever lies in a folder.
 */
export async function loadCheckout(
  context: CheckoutContext,
  folders: Pick<RunbookFolders, 'load'>,
  engineDigest: () => Promise<string>,
  log: (message: string) => void,
): Promise<void> {
  const { catalogue, newId } = context;
  const loaded = await folders.load();
  for (const folder of loaded) await admitFolder(context, folder, engineDigest, log);
  await catalogue.setRefused(refusedOf(loaded));
  for (const { manifest } of await catalogue.list()) {
    if (loaded.some(({ id, bundle }) => bundle && id === manifest.id)) continue;
    const data = { runbook: manifest.id };
    await catalogue.retire(
      manifest.id,
      serviceEvent(newId, 'authority', 'runbook.refused', undefined, { outcome: 'denied', data }),
    );
  }
}

async function admitFolder(
  context: CheckoutContext,
  { id, bundle, problems }: LoadedFolder,
  engineDigest: () => Promise<string>,
  log: (message: string) => void,
): Promise<void> {
  for (const { file, line, message, rule, severity } of problems) {
    if (severity === 'error') log(visible(`runbook refused: ${file}:${line}: ${message} [${rule}]`));
  }
  if (!bundle) return;
  const { contentDigest, manifest } = bundle;
  const { admissions, newId, rules, account } = context;
  const stored = await admissions.of(contentDigest);
  const [newest] = stored;
  if (newest !== undefined && newest.status !== 'in-force')
    return log(`runbook ${id} ${manifest.version} is ${newest.status} and was not admitted`);
  if (!admissionInForce(stored, contentDigest, new Date(), rules).ok) {
    const before = (await context.catalogue.current(id))?.contentDigest ?? null;
    await signAdmission(context, bundle, await engineDigest(), { how: 'development', account }, before);
    return log(`runbook ${id} ${manifest.version} admitted in development mode (${contentDigest.slice(0, 12)})`);
  }
  const data = { runbook: id, version: manifest.version, contentSha256: contentDigest };
  await admissions.setCurrent(
    id,
    contentDigest,
    serviceEvent(newId, 'authority', 'runbook.loaded', undefined, { data }),
  );
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
